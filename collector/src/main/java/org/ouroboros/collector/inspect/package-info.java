/** Tools that look at a heap and change nothing: for debugging and tests. */
@NullMarked
package org.ouroboros.collector.inspect;

import org.jspecify.annotations.NullMarked;

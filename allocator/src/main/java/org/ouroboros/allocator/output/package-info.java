/** Files that are written whole or not at all, and the pieces that reports in HTML are made of. */
@NullMarked
package org.ouroboros.allocator.output;

import org.jspecify.annotations.NullMarked;

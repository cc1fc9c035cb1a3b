/**
 * Where objects lie and what is noted about them out of band: the two object spaces, the side
 * tables, and the header. Nothing here counts or collects.
 */
@NullMarked
package org.ouroboros.collector.space;

import org.jspecify.annotations.NullMarked;

/** The sizes of blocks that pages are cut into, and the arithmetic between sizes and classes. */
@NullMarked
package org.ouroboros.allocator.sizeclass;

import org.jspecify.annotations.NullMarked;

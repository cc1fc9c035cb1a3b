/** Netty's buffers over any allocator. */
@NullMarked
package org.ouroboros.allocator.netty;

import org.jspecify.annotations.NullMarked;

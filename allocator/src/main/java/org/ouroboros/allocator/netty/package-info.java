/**
 * Netty's buffers over the blocks of any allocator: {@link
 * org.ouroboros.allocator.netty.OuroborosByteBufAllocator}, a {@code ByteBufAllocator}.
 *
 * <p>Netty is an optional dependency ({@code io.netty:netty-buffer} 4.2): who uses this package
 * brings it. Netty chooses its default allocator among its own only ({@code
 * -Dio.netty.allocator.type}), so this one is given to each bootstrap:
 *
 * {@snippet :
 * try (OuroborosByteBufAllocator allocator = OuroborosByteBufAllocator.create()) {
 *   new ServerBootstrap()
 *       .group(loops)
 *       .channel(NioServerSocketChannel.class)
 *       .option(ChannelOption.ALLOCATOR, allocator)
 *       .childOption(ChannelOption.ALLOCATOR, allocator) // of the accepted connections
 *       .childHandler(handler)
 *       .bind(port)
 *       .sync();
 *   // ...
 *   loops.shutdownGracefully().sync(); // first the loops, then the memory
 * }
 * }
 *
 * <p>and so to a client's {@code Bootstrap} by {@code option(ChannelOption.ALLOCATOR, allocator)}.
 * Handlers get it as {@code context.alloc()}. What calls {@code Unpooled} or {@code
 * ByteBufAllocator.DEFAULT} stays with Netty's own.
 *
 * <p>Any thread may allocate and release, event loop or not. Over an {@code ouroboros_debug}
 * allocator, buffers that are written out of bounds by native code, or never released, are reported
 * as of {@link org.ouroboros.allocator.debug.DebugAllocator}.
 */
@NullMarked
package org.ouroboros.allocator.netty;

import org.jspecify.annotations.NullMarked;

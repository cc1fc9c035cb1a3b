package org.ouroboros.allocator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.netty.OuroborosByteBufAllocator;

/** The code of {@code docs/from-netty.md}: what stands between the comments is on the page. */
class FromNettyTest {

  @Test
  void before() {
    // PAGE from-netty
    ByteBufAllocator buffers = PooledByteBufAllocator.DEFAULT;
    ByteBuf greeting =
        buffers.directBuffer(64).writeBytes("hello".getBytes(StandardCharsets.UTF_8));
    greeting.release();
    // PAGE end
    assertThat(greeting.refCnt()).isZero();
  }

  @Test
  void after() {
    ByteBuf greeting;
    // PAGE from-netty
    try (OuroborosByteBufAllocator buffers = OuroborosByteBufAllocator.create()) {
      greeting = buffers.directBuffer(64).writeBytes("hello".getBytes(StandardCharsets.UTF_8));
      greeting.release(); // the block is free when the count is 0, as ever
    }
    // PAGE end
    assertThat(greeting.refCnt()).isZero();
  }

  @Test
  void server() throws InterruptedException {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ChannelHandler handler = new ChannelHandlerAdapter() {};
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    // PAGE from-netty
    try (OuroborosByteBufAllocator buffers = OuroborosByteBufAllocator.create()) {
      Channel server =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.ALLOCATOR, buffers)
              .childOption(ChannelOption.ALLOCATOR, buffers) // of the accepted connections
              .childHandler(handler)
              .bind(address)
              .sync()
              .channel();
      server.close().sync();
      loops.shutdownGracefully().sync(); // first the loops, then the memory
    }
    // PAGE end
    assertThat(loops.isShutdown()).isTrue();
  }

  @Test
  void sharedWithTheRest() {
    // PAGE from-netty
    try (Allocator memory = OuroborosAllocator.create()) { // of the whole program
      OuroborosByteBufAllocator buffers = new OuroborosByteBufAllocator(memory);
      ByteBuf page = buffers.directBuffer(4096);
      System.out.println(memory.stats().liveBlocks()); // 1: stats, limits, debugging see it
      page.release();
    }
    // PAGE end
  }

  @Test
  void debug() {
    // PAGE from-netty
    try (OuroborosByteBufAllocator buffers = OuroborosByteBufAllocator.of("ouroboros_debug")) {
      ByteBuf page = buffers.directBuffer(4096);
      page.release();
    } // throws here, or at the release, if C code wrote outside of a buffer
    // PAGE end
  }
}

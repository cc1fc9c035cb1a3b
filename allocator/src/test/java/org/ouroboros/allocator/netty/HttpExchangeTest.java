package org.ouroboros.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients and a server of Netty over a socket, all on our buffers; nothing is left at the end. */
class HttpExchangeTest {

  private static final int MAX_BODY = 1 << 20;
  private static final int CLIENTS = 3;
  private static final int REQUESTS = 20;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug", "libc"})
  void shouldServeHttpAndLoseNothing(String name) throws Exception {
    OuroborosByteBufAllocator allocator = OuroborosByteBufAllocator.of(name);
    try {
      Channel server = serve(allocator);
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(allocator, server));
      }
      Random random = new Random(1);
      for (int i = 0; i < REQUESTS; i++) {
        for (Client client : clients) {
          byte[] body = new byte[random.nextInt(i % 4 == 0 ? MAX_BODY : 1000)];
          random.nextBytes(body);
          assertThat(client.post(body)).isEqualTo(body);
        }
      }
      assertThat(allocator.metric().usedDirectMemory()).isGreaterThanOrEqualTo(0);
      for (Client client : clients) {
        client.channel.close().sync();
      }
      server.close().sync();
    } finally {
      assertThat(loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(10_000)).isTrue();
    }
    assertThat(allocator.metric().directBuffers()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.allocator().stats().liveBlocks()).isLessThanOrEqualTo(0); // -1: not known
    allocator.close();
  }

  private Channel serve(OuroborosByteBufAllocator allocator) throws InterruptedException {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.ALLOCATOR, allocator)
        .childOption(ChannelOption.ALLOCATOR, allocator)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel
                    .pipeline()
                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new Echo());
              }
            })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync()
        .channel();
  }

  /** Answers with what was sent, after a copy, in a direct buffer of the channel's allocator. */
  private static final class Echo extends SimpleChannelInboundHandler<FullHttpRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      ByteBuf body = context.alloc().directBuffer().writeBytes(request.content());
      assertThat(body.alloc()).isInstanceOf(OuroborosByteBufAllocator.class);
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
      var _ = context.writeAndFlush(response);
    }
  }

  /** A connection that is kept, with one request at a time. */
  private final class Client {

    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private final Channel channel;

    Client(OuroborosByteBufAllocator allocator, Channel server) throws InterruptedException {
      channel =
          new Bootstrap()
              .group(loops)
              .channel(NioSocketChannel.class)
              .option(ChannelOption.ALLOCATOR, allocator)
              .handler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel
                          .pipeline()
                          .addLast(
                              new HttpClientCodec(),
                              new HttpObjectAggregator(MAX_BODY),
                              new Answers());
                    }
                  })
              .connect(server.localAddress())
              .sync()
              .channel();
    }

    byte[] post(byte[] content) throws InterruptedException {
      ByteBuf body = channel.alloc().buffer().writeBytes(content);
      FullHttpRequest request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/echo", body);
      request.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
      channel.writeAndFlush(request).sync();
      return answers.poll(30, TimeUnit.SECONDS);
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {

      @Override
      protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
        answers.add(ByteBufUtil.getBytes(response.content()));
      }
    }
  }
}

package org.ouroboros.benchmarks.compare;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.ouroboros.allocator.agrona.AgronaBuffers;

/** All that are compared, in the order of the tables, each with what has to be reached. */
@SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes, suppliers without state
enum Peer {
  CONFINED("ouroboros-confined", "a view for one thread", AllocatorPair::confined),
  SHARED("ouroboros", "for all threads", () -> AllocatorPair.of("ouroboros")),
  MIMALLOC("mimalloc", "by FFM", () -> AllocatorPair.of("mimalloc")),
  JEMALLOC("jemalloc", "by FFM", () -> AllocatorPair.of("jemalloc")),
  TCMALLOC("tcmalloc", "by FFM", () -> AllocatorPair.of("tcmalloc")),
  LIBC("libc", "by FFM", () -> AllocatorPair.of("libc")),
  LWJGL_MIMALLOC("lwjgl-mimalloc", Library.LWJGL, () -> new LwjglPair("mimalloc")),
  LWJGL_RPMALLOC("lwjgl-rpmalloc", Library.LWJGL, () -> new LwjglPair("rpmalloc")),
  LWJGL_JEMALLOC("lwjgl-jemalloc", Library.LWJGL, () -> new LwjglPair("jemalloc")),
  NETTY_ADAPTIVE("netty-adaptive", Library.NETTY, NettyPair::adaptive),
  NETTY_POOLED("netty-pooled", Library.NETTY, NettyPair::pooled),
  NETTY_OUROBOROS("netty-ouroboros", Library.NETTY, () -> NettyPair.over("ouroboros")),
  NETTY_MIMALLOC("netty-mimalloc", Library.NETTY, () -> NettyPair.over("mimalloc-lwjgl")),
  NETTY_LIBC("netty-libc", Library.NETTY, () -> NettyPair.over("libc")),
  ARROW("arrow-unsafe", Library.ARROW, ArrowPair::new),
  UNSAFE("unsafe", Library.JDK, JdkPairs.UnsafePair::new),
  BYTE_BUFFER("byte-buffer", Library.JDK, JdkPairs.ByteBufferPair::new),
  AGRONA_BLOCK("agrona-ouroboros", Library.AGRONA, AgronaPairs.BlockPair::new),
  AGRONA_DIRECT("agrona-direct", Library.AGRONA, AgronaPairs.DirectPair::new),
  ARENA_CONFINED("arena-confined", Library.JDK, () -> arena(Arena::ofConfined)),
  ARENA_SHARED("arena-shared", Library.JDK, () -> arena(Arena::ofShared)),
  ARENA_AUTO("arena-auto", "the JDK's; freed by GC", JdkPairs.AutoArenaPair::new);

  private final String title;
  private final Library library;
  private final String origin;
  private final Supplier<Pair> opener;

  Peer(String title, String origin, Supplier<Pair> opener) {
    this(title, Library.OWN, origin, opener);
  }

  Peer(String title, Library library, Supplier<Pair> opener) {
    this(title, library, library.title(), opener);
  }

  Peer(String title, Library library, String origin, Supplier<Pair> opener) {
    this.title = title;
    this.library = library;
    this.origin = origin;
    this.opener = opener;
  }

  private static Pair arena(Supplier<Arena> opener) {
    return new JdkPairs.ArenaPair(opener);
  }

  /** Whose a peer is: the flags that it needs, and how much slower it has to be than ours. */
  enum Library {
    OWN("this project's", List.of()),
    JDK("the JDK's", List.of()),
    LWJGL("LWJGL's", List.of()),
    NETTY(
        "Netty's",
        List.of(
            "-Dio.netty.noUnsafe=false",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dslf4j.internal.verbosity=ERROR")),
    // the manager is named because Arrow looks for it by the names of jars, and all are in one
    ARROW(
        "Arrow's",
        List.of(
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Darrow.allocation.manager.type=Unsafe",
            "-Dslf4j.internal.verbosity=ERROR")),
    AGRONA("Agrona's", List.of(AgronaBuffers.FLAG));

    private final String title;
    private final List<String> flags;

    Library(String title, List<String> flags) {
      this.title = title;
      this.flags = flags;
    }

    String title() {
      return title;
    }

    /** What the JVM must be started with, and what makes the library fastest. */
    List<String> flags() {
      return flags;
    }
  }

  /** How it is called on the command line and in the tables. */
  String title() {
    return title;
  }

  /** Whose it is. */
  String origin() {
    return origin;
  }

  Library library() {
    return library;
  }

  boolean isOurs() {
    return this == CONFINED || this == SHARED || this == AGRONA_BLOCK || this == NETTY_OUROBOROS;
  }

  /** Whether it is a C library that this project calls, and so may be missing. */
  boolean isForeign() {
    return this == MIMALLOC || this == JEMALLOC || this == TCMALLOC || this == LIBC;
  }

  /** Opens it in the calling thread. */
  Pair open() {
    return opener.get();
  }

  /**
   * How many times our confined view's time it has to take at the least.
   *
   * @return NaN if nothing is asked
   */
  double must(int size) {
    return switch (this) {
      case NETTY_ADAPTIVE, NETTY_POOLED, ARROW, UNSAFE, BYTE_BUFFER -> 3;
      case LWJGL_MIMALLOC, LWJGL_RPMALLOC, LWJGL_JEMALLOC ->
          size == CompareCommand.SIZES.getFirst() ? 1.3 : Double.NaN;
      default -> Double.NaN;
    };
  }

  /** The same, as one wishes. */
  double stretch(int size) {
    return library == Library.LWJGL && !Double.isNaN(must(size)) ? 2 : Double.NaN;
  }

  /**
   * One by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Peer of(String title) {
    return Arrays.stream(values())
        .filter(peer -> peer.title.equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown peer '"
                        + title
                        + "'; known are "
                        + String.join(", ", Arrays.stream(values()).map(Peer::title).toList())));
  }
}

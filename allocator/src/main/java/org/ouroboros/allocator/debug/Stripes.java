package org.ouroboros.allocator.debug;

/** All blocks: a few {@link Stripe stripes}, by the address; one where only one thread comes. */
final class Stripes {

  private static final int MAX_BITS = 6;

  private final Stripe[] stripes;
  private final Stripe first;
  private final int shift;

  Stripes(DebugOptions options, Stacks stacks, boolean shared) {
    int processors = Runtime.getRuntime().availableProcessors();
    int bits = shared ? Math.clamp(33 - Integer.numberOfLeadingZeros(processors), 1, MAX_BITS) : 0;
    this.stripes = new Stripe[1 << bits];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] =
          new Stripe(
              new BlockTable(options.guardBytes(), options.stackDepth() > 0 ? stacks : null),
              shared);
    }
    this.first = stripes[0];
    this.shift = Long.SIZE - bits;
  }

  /** The stripe that an address belongs to. */
  Stripe of(long address) {
    return stripes.length == 1 ? first : stripes[(int) (BlockTable.hash(address) >>> shift)];
  }

  /** The only one, where there is one. */
  Stripe first() {
    return first;
  }

  int count() {
    return stripes.length;
  }

  /** One by its turn; of the number the lower bits count. */
  Stripe turn(int number) {
    return stripes[number & stripes.length - 1];
  }

  /** All of them; not to be changed. */
  Stripe[] all() {
    return stripes;
  }
}

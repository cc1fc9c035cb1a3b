package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.ouroboros.allocator.debug.BlockReport.State;
import org.ouroboros.allocator.debug.DamagedBlockException.Kind;

/** Looks closer at a block that is not as it should be, and draws it. Slow: only for reports. */
final class Damage {

  /** Bytes to a line. */
  private static final int LINE = 16;

  /** Lines of a dump; a larger damage is cut off. */
  private static final int MAX_LINES = 12;

  private final BlockLayout layout;
  private final BlockReport block;
  private final MemorySegment memory;

  /** Where the block begins in the memory. */
  private final long at;

  private Damage(BlockLayout layout, BlockReport block, MemorySegment memory, long at) {
    this.layout = layout;
    this.block = block;
    this.memory = memory;
    this.at = at;
  }

  /** Describes the damage of a block that has some. */
  static DamagedBlockException describe(
      String allocator, BlockLayout layout, BlockReport block, MemorySegment memory, long at) {
    return new Damage(layout, block, memory, at).exception(allocator);
  }

  private DamagedBlockException exception(String allocator) {
    long end = block.size() + layout.guard();
    long first = -layout.guard();
    while (first < end && !isDamaged(first)) {
      first = first == -1 && !isDead() ? block.size() : first + 1;
    }
    // Of damage on both sides of a live block the one in front is told, which came first in memory.
    long last = isDead() || first >= 0 ? end - 1 : -1;
    while (last > first && !isDamaged(last)) {
      last--;
    }
    Kind kind = isDead() ? Kind.AFTER_FREE : first < 0 ? Kind.BEFORE : Kind.AFTER;
    return new DamagedBlockException(
        allocator, kind, block, first, last - first + 1, dump(first, last));
  }

  private boolean isDead() {
    return block.state() != State.LIVE;
  }

  private byte read(long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, at + offset);
  }

  private boolean isDamaged(long offset) {
    return isOurs(offset)
        && read(offset) != layout.expected(offset, block.size(), block.domain(), isDead());
  }

  /**
   * The data of a live block is the user's, who may write anything there, and so it was left in the
   * middle of a long one when that was freed.
   */
  private boolean isOurs(long offset) {
    return isDead()
        ? layout.isFilledDead(offset, block.size())
        : offset < 0 || offset >= block.size();
  }

  /** The lines with the damage and one on each side, as far as they are the block's. */
  private String dump(long first, long last) {
    StringBuilder text = new StringBuilder();
    long begin = Math.max(-layout.guard(), Math.floorDiv(first, LINE) * LINE - LINE);
    long end = Math.min(block.size() + layout.guard(), Math.floorDiv(last, LINE) * LINE + 2 * LINE);
    int lines = 0;
    for (long line = begin; line < end; line += LINE) {
      if (lines++ == MAX_LINES) {
        return text.append("    ... ").append(end - line).append(" bytes more\n").toString();
      }
      text.append(String.format(Locale.ROOT, "  %+6d ", line));
      for (long offset = line; offset < Math.min(end, line + LINE); offset++) {
        text.append(byteText(offset));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private String byteText(long offset) {
    String hex = String.format(Locale.ROOT, "%02x", read(offset));
    return isDamaged(offset) ? "[" + hex + "]" : " " + hex + " ";
  }
}

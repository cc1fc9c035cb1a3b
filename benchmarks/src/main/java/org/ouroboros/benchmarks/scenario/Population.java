package org.ouroboros.benchmarks.scenario;

import java.util.HashSet;
import java.util.Set;

/**
 * Which objects and weak references a file may speak of: those it made and, so far, saw no end of.
 * A file that names others is invalid; a subject must never be asked such a thing, since what it
 * then did would be no difference.
 */
final class Population {

  /** What {@link #slots} has for objects that died; others have their number of slots and 1. */
  private static final long DEAD = -1;

  private final IdTable slots = new IdTable();
  private final IdTable weakIds = new IdTable();
  private final Set<Long> weakTable = new HashSet<>();

  /**
   * Checks an op before it is done, and notes what it makes.
   *
   * @throws IllegalArgumentException if it names what is not there; the message is a phrase
   */
  void admit(Op op) {
    switch (op) {
      case Op.New made -> create(made.object(), made.slots());
      case Op.SetSlot set -> {
        requireSlot(set.object(), set.slot());
        requireLiveOrNull(set.to());
      }
      case Op.SetVariable set -> requireLiveOrNull(set.to());
      case Op.MakeWeak weak -> admitWeak(weak);
      case Op.DropWeak drop -> {
        requireInTable(drop.weak());
        weakTable.remove(drop.weak());
      }
      case Op.Dereference dereference -> requireInTable(dereference.weak());
      case Op.Ask ask -> requireLive(ask.object());
      case Op.Chain chain -> createAll(chain.first(), chain.length(), chain.slots());
      case Op.Tree tree -> createAll(tree.first(), tree.size(), tree.slots());
      case Op.Collect _, Op.Freeze _, Op.Unfreeze _, Op.CountLive _ -> {
        // no operands
      }
    }
  }

  /** Notes the dead of an op that went as the file says. */
  void bury(IdList dead) {
    for (int i = 0; i < dead.size(); i++) {
      slots.put(dead.get(i), DEAD);
    }
  }

  private void admitWeak(Op.MakeWeak weak) {
    requireLive(weak.object());
    if (weak.holder() == Op.NOTHING) {
      weakTable.add(weak.weak());
    } else {
      requireSlot(weak.holder(), weak.slot());
    }
    if (weakIds.get(weak.weak()) != 0) {
      throw new IllegalArgumentException("weak reference " + weak.weak() + " is made twice");
    }
    weakIds.put(weak.weak(), 1);
  }

  private void createAll(long first, int count, int slotCount) {
    for (long id = first; id < first + count; id++) {
      create(id, slotCount);
    }
  }

  private void create(long id, int slotCount) {
    if (slots.get(id) != 0) {
      throw new IllegalArgumentException("object " + id + " is made twice");
    }
    slots.put(id, slotCount + 1L);
  }

  private void requireLiveOrNull(long id) {
    if (id != Op.NOTHING) {
      requireLive(id);
    }
  }

  private long requireLive(long id) {
    long known = slots.get(id);
    if (known <= 0) {
      throw new IllegalArgumentException(
          "object " + id + (known == DEAD ? " is dead" : " does not exist"));
    }
    return known;
  }

  private void requireSlot(long id, int slot) {
    long count = requireLive(id) - 1;
    if (slot >= count) {
      throw new IllegalArgumentException(
          "object " + id + " has no slot " + slot + ", only " + count + " slots");
    }
  }

  private void requireInTable(long weak) {
    if (!weakTable.contains(weak)) {
      throw new IllegalArgumentException("weak reference " + weak + " is not in the weak table");
    }
  }
}

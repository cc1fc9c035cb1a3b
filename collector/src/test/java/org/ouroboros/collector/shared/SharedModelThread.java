package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.shared.SharedModel.Node;

/** One thread's random program on its own nodes, and on those that it got from others. */
final class SharedModelThread {

  /** More references than this, and some are dropped. */
  private static final int MANY = 60;

  /** One entry for each reference that the thread owns. */
  final List<Node> owned = new ArrayList<>();

  private final SharedModel model;
  private final Heap heap;
  private final Random random;

  SharedModelThread(SharedModel model, Random random) {
    this.model = model;
    this.heap = model.heap;
    this.random = random;
  }

  /** Takes a step that may be refused for want of memory: then nothing has changed. */
  boolean tryStep() {
    try {
      step();
      return true;
    } catch (HeapExhaustedException e) {
      return false;
    }
  }

  void step() {
    switch (owned.isEmpty() ? 0 : random.nextInt(16)) {
      case 0, 1 -> owned.add(make());
      case 2 -> makeOwning();
      case 3, 4 -> store();
      case 5 -> move();
      case 6 -> exchange();
      case 7 -> load();
      case 8 -> retain(any());
      case 9, 10 -> drop();
      case 11 -> useTable();
      case 12 -> give();
      case 13 -> take();
      case 14 -> weak();
      default -> upgrade();
    }
    while (owned.size() > MANY) {
      drop();
    }
  }

  private Node make() {
    int choice = random.nextInt(8);
    if (choice >= 6) {
      return makeArray(choice == 6 ? model.array : model.bytes);
    }
    ObjectType type = choice == 0 ? model.leaf : choice == 1 ? model.finalizable : model.node;
    long ref = heap.allocate(type);
    return model.add(ref, type, type.slotOffsets().size(), null);
  }

  /** Of elements that are null or 0, whatever was there before; references are counted as slots. */
  private Node makeArray(ObjectType type) {
    int length = random.nextInt(random.nextInt(8) == 0 ? 300 : 20);
    long ref = heap.allocate(type, length);
    assertThat(heap.length(ref)).isEqualTo(length);
    if (type == model.array) {
      return model.add(ref, type, length, null);
    }
    for (int i = 0; i < length; i++) {
      long at = type.tailOffset(i);
      assertThat(heap.getByte(ref, at)).as("byte %d of %d", i, length).isZero();
      heap.setByte(ref, at, (byte) -1);
    }
    return model.add(ref, type, 0, null);
  }

  private void makeOwning() {
    Node first = any();
    Node second = make();
    owned.add(second);
    long ref = heap.allocateOwning(model.node, first.ref, second.ref);
    owned.remove(first);
    owned.remove(second);
    Node made = model.add(ref, model.node, 3, null);
    made.slots[0] = first;
    made.slots[1] = second;
    first.owned.decrementAndGet();
    second.owned.decrementAndGet();
    owned.add(made);
  }

  private Node any() {
    return owned.get(random.nextInt(owned.size()));
  }

  private Node removeAny() {
    int index = random.nextInt(owned.size());
    Node node = owned.get(index);
    owned.set(index, owned.getLast());
    owned.removeLast();
    return node;
  }

  /** A node whose slots this thread may change; null if the one that was chosen is none. */
  private Node anyHolder() {
    Node node = any();
    return node.owner == Thread.currentThread() && node.slots.length > 0 ? node : null;
  }

  private void got(long ref) {
    if (ref != Heap.NULL) {
      Node node = model.known(ref);
      owned.add(node);
    }
  }

  /** Counts what is about to be got: nobody may see an object that is owned by nobody. */
  private void retain(Node node) {
    node.owned.incrementAndGet();
    heap.retain(node.ref);
    owned.add(node);
  }

  private void drop() {
    Node node = removeAny();
    node.owned.decrementAndGet();
    heap.release(node.ref);
  }

  private void store() {
    Node holder = anyHolder();
    if (holder != null) {
      int slot = random.nextInt(holder.slots.length);
      Node value = random.nextInt(4) == 0 ? null : any();
      holder.slots[slot] = value;
      heap.setRef(holder.ref, model.slot(holder, slot), value == null ? Heap.NULL : value.ref);
    }
  }

  private void move() {
    Node holder = anyHolder();
    if (holder != null && owned.size() > 2) {
      int slot = random.nextInt(holder.slots.length);
      Node value = removeAny();
      if (!owned.contains(holder)) {
        owned.add(value); // it was the only reference to the holder
        return;
      }
      holder.slots[slot] = value;
      value.owned.decrementAndGet();
      heap.setRefMoved(holder.ref, model.slot(holder, slot), value.ref);
    }
  }

  private void exchange() {
    Node holder = anyHolder();
    if (holder != null && owned.size() > 2) {
      int slot = random.nextInt(holder.slots.length);
      Node value = random.nextInt(3) == 0 ? null : removeAny();
      if (!owned.contains(holder)) {
        owned.add(value);
        return;
      }
      Node old = holder.slots[slot];
      holder.slots[slot] = value;
      if (old != null) {
        old.owned.incrementAndGet();
      }
      if (value != null) {
        value.owned.decrementAndGet();
      }
      long ref =
          heap.exchangeRef(
              holder.ref, model.slot(holder, slot), value == null ? Heap.NULL : value.ref);
      assertThat(ref).isEqualTo(old == null ? Heap.NULL : old.ref);
      got(ref);
    }
  }

  /** From anybody's node, whose owner may store at the same time. */
  private void load() {
    Node holder = any();
    if (holder.slots.length > 0) {
      long ref = heap.loadRef(holder.ref, model.slot(holder, random.nextInt(holder.slots.length)));
      if (ref != Heap.NULL) {
        adopt(ref);
      }
    }
  }

  /** Counts a reference that the heap has counted already. */
  private void adopt(long ref) {
    model.adopt(ref);
    got(ref);
  }

  private void useTable() {
    int place = heap.elementSlot(model.table, random.nextInt(SharedModel.PLACES));
    switch (random.nextInt(5)) {
      case 0 -> {
        Node value = any();
        heap.setRef(model.table, place, value.ref);
      }
      case 1 -> {
        Node value = removeAny();
        value.owned.decrementAndGet();
        heap.setRefMoved(model.table, place, value.ref);
      }
      case 2 -> {
        Node value = removeAny();
        value.owned.decrementAndGet();
        long ref = heap.exchangeRef(model.table, place, value.ref);
        if (ref != Heap.NULL) {
          adopt(ref);
        }
      }
      case 3 -> {
        long ref = heap.takeRef(model.table, place);
        if (ref != Heap.NULL) {
          adopt(ref);
        }
      }
      default -> {
        long ref = heap.loadRef(model.table, place);
        if (ref != Heap.NULL) {
          adopt(ref);
        }
      }
    }
  }

  /** Hands a node over, with one reference, and with the right to change it. */
  private void give() {
    Node node = removeAny();
    if (node.owner == Thread.currentThread()) {
      node.owner = null;
    }
    model.market.add(node);
  }

  private void take() {
    Node node = model.market.poll();
    if (node != null) {
      if (node.owner == null) {
        node.owner = Thread.currentThread();
      }
      assertThat(model.known(node.ref)).isSameAs(node);
      owned.add(node);
    }
  }

  private void weak() {
    Node target = any();
    if (target.target == null) {
      long ref = heap.newWeak(target.ref, random.nextBoolean() ? null : (h, weak) -> {});
      owned.add(model.add(ref, ObjectType.WEAK_REFERENCE, 0, target));
    }
  }

  private void upgrade() {
    Node weak = any();
    if (weak.target != null) {
      long ref = heap.upgradeWeak(weak.ref);
      if (ref != Heap.NULL) {
        assertThat(ref).isEqualTo(weak.target.ref);
        assertThat(weak.targetIsDead).as("%s came back", weak.target).isFalse();
        adopt(ref);
        assertThat(owned.getLast()).isSameAs(weak.target);
        // what is owned does not die: if its finalizer has run, it was running when this came
        weak.target.cameBack |= weak.target.finalized.get() > 0;
      } else {
        weak.targetIsDead = true;
        assertThat(owned).doesNotContain(weak.target);
      }
    }
  }
}

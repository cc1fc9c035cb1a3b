package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.model.ModelNode.Fate;

/**
 * Does random things to a heap and to its model: stores, moves, retains, releases, weak references
 * and upgrades, finalizers that resurrect, save, drop, allocate, collect and throw, freezes,
 * collections of every generation; with the option, in steps too.
 */
final class ModelDriver implements AutoCloseable {

  /** More live objects than this, and roots are dropped. */
  private static final int MANY = 300;

  private final Random random;
  private final Model model = new Model();
  private final Shapes shapes = new Shapes(this::runFinalizer);
  private final Heap heap;
  private long serial;
  private final boolean stepped;
  private int expectedFailures;

  ModelDriver(HeapOptions options, long seed) {
    this.random = new Random(seed);
    this.stepped = options.incremental();
    this.heap = Spaces.open(options.withFreeListener((h, ref) -> model.free(ref)));
  }

  void run(int steps, int checkEvery) {
    for (int i = 1; i <= steps; i++) {
      step();
      model.checkStep();
      if (i % checkEvery == 0) {
        check();
      }
    }
    collectAll();
    check();
  }

  private void check() {
    assertThat(heap.inspector().verify()).isEmpty();
    model.checkContents(heap);
    assertThat(heap.errors().total()).isEqualTo(expectedFailures);
  }

  // ------------------------------------------------------------------------- steps

  private void step() {
    if (stepped && random.nextBoolean()) {
      heap.collector().step(0);
    }
    int choice = random.nextInt(100);
    if (choice < 25) {
      make();
    } else if (choice < 55) {
      change();
    } else if (choice < 65) {
      retain(any());
    } else if (choice < 85) {
      release(owned());
      if (model.live.size() > MANY) {
        release(owned());
        release(owned());
      }
    } else if (choice < 90) {
      weak();
    } else if (choice < 93) {
      upgrade();
    } else if (choice < 98) {
      heap.collector().collect(random.nextInt(3));
    } else if (choice == 98) {
      collectAll();
    } else if (random.nextBoolean()) {
      heap.collector().freeze();
      model.freeze();
    } else {
      heap.collector().unfreeze();
      model.unfreeze();
    }
  }

  private ModelNode make() {
    boolean withFinalizer = random.nextInt(4) == 0;
    ObjectType type = shapes.pick(random, withFinalizer);
    Fate[] fates = Fate.values();
    Fate fate = withFinalizer ? fates[1 + random.nextInt(fates.length - 1)] : Fate.NONE;
    int length = random.nextInt(6);
    long ref = Shapes.make(heap, type, length);
    ModelNode node = new ModelNode(++serial, ref, type, Shapes.slots(type, length), fate, false);
    node.owned = 1;
    model.add(node);
    return node;
  }

  private void change() {
    ModelNode node = any();
    if (node == null || node.slots.length == 0) {
      return;
    }
    int index = random.nextInt(node.slots.length);
    int slot = Shapes.slot(heap, node, index);
    switch (random.nextInt(8)) {
      case 0 -> store(node, index, slot, null);
      case 1 -> moveIn(node, index, slot);
      case 2 -> take(node, index, slot);
      case 3 -> exchange(node, index, slot);
      case 4 -> moveOver(node, index, slot);
      default -> store(node, index, slot, any());
    }
  }

  private void store(ModelNode node, int index, int slot, ModelNode value) {
    // Before the call: what the store releases runs finalizers that look at the model.
    node.slots[index] = value;
    heap.setRef(node.ref, slot, value == null ? Heap.NULL : value.ref);
  }

  private void moveIn(ModelNode node, int index, int slot) {
    ModelNode value = owned();
    if (value != null) {
      node.slots[index] = value;
      value.owned--;
      heap.setRefMoved(node.ref, slot, value.ref);
    }
  }

  private void take(ModelNode node, int index, int slot) {
    ModelNode old = node.slots[index];
    node.slots[index] = null;
    long ref = heap.takeRef(node.ref, slot);
    assertThat(ref).isEqualTo(old == null ? Heap.NULL : old.ref);
    if (old != null) {
      old.owned++;
    }
  }

  private void exchange(ModelNode node, int index, int slot) {
    ModelNode value = owned();
    ModelNode old = node.slots[index];
    if (value != null) {
      node.slots[index] = value;
      value.owned--;
      long ref = heap.exchangeRef(node.ref, slot, value.ref);
      assertThat(ref).isEqualTo(old == null ? Heap.NULL : old.ref);
      if (old != null) {
        old.owned++;
      }
    }
  }

  private void moveOver(ModelNode node, int index, int slot) {
    ModelNode other = any();
    if (other == null || other.slots.length == 0 || other.opaque != node.opaque) {
      return;
    }
    int to = random.nextInt(other.slots.length);
    if (other.slots[to] == null && !(other == node && to == index)) {
      other.slots[to] = node.slots[index];
      node.slots[index] = null;
      heap.moveRef(node.ref, slot, other.ref, Shapes.slot(heap, other, to));
    }
  }

  private void retain(ModelNode node) {
    if (node != null) {
      node.owned++;
      heap.retain(node.ref);
    }
  }

  private void release(ModelNode node) {
    if (node != null) {
      node.owned--;
      heap.release(node.ref);
    }
  }

  private void weak() {
    ModelNode target = any();
    if (target == null || target.weak) {
      return;
    }
    // Held, so that the target is there in any case, whatever making the weak reference collects.
    retain(target);
    WeakCallback callback = random.nextBoolean() ? this::callBack : null;
    long ref = heap.newWeak(target.ref, callback);
    ModelNode node = new ModelNode(++serial, ref, ObjectType.WEAK_REFERENCE, 0, Fate.NONE, true);
    node.target = target;
    node.owned = 1;
    model.add(node);
    release(target);
  }

  private void callBack(Heap caller, long weak) {
    ModelNode node = model.live.get(weak);
    assertThat(node).as("a callback of a dead weak reference").isNotNull();
    assertThat(caller.weakTarget(weak)).isEqualTo(Heap.NULL);
    assertThat(node.target).as("called twice").isNotNull();
    node.target = null;
    if (random.nextInt(4) == 0) {
      make();
    }
  }

  private void upgrade() {
    ModelNode node = any();
    if (node != null && node.weak) {
      long ref = heap.weakTarget(node.ref);
      if (ref != Heap.NULL) {
        assertThat(ref).isEqualTo(node.target.ref);
        retain(node.target);
      }
    }
  }

  private void collectAll() {
    int rounds = 0;
    long finalizers;
    long freedBefore;
    do {
      finalizers = serial + expectedFailures;
      freedBefore = heap.stats().frees();
      heap.collector().collect();
      assertThat(++rounds).isLessThan(1000);
    } while (heap.stats().frees() != freedBefore || serial + expectedFailures != finalizers);
    model.checkAfterFullCollection();
  }

  // -------------------------------------------------------------------- finalizers

  private void runFinalizer(Heap caller, long ref) {
    ModelNode node = model.live.get(ref);
    assertThat(node).as("a finalizer of a dead object").isNotNull();
    assertThat(node.finalized).as("finalized twice: %s", node).isFalse();
    node.finalized = true;
    for (int i = 0; i < node.slots.length; i++) {
      ModelNode child = node.slots[i];
      assertThat(caller.getRef(ref, Shapes.slot(caller, node, i)))
          .isEqualTo(child == null ? Heap.NULL : child.ref);
    }
    switch (node.fate) {
      case RESURRECT -> retain(node);
      case SAVE_CHILD -> retain(node.slots.length == 0 ? null : node.slots[0]);
      case DROP -> dropAll(node);
      case ALLOCATE -> make();
      case COLLECT -> caller.collector().collect(random.nextInt(3));
      case THROW -> {
        expectedFailures++;
        throw new IllegalArgumentException("on purpose");
      }
      default -> {
        // nothing
      }
    }
  }

  private void dropAll(ModelNode node) {
    for (int i = 0; i < node.slots.length; i++) {
      store(node, i, Shapes.slot(heap, node, i), null);
    }
  }

  // ------------------------------------------------------------------------ choices

  /** Any live object that can be reached, so that a program could name it. */
  private ModelNode any() {
    List<ModelNode> reachable = new ArrayList<>(model.reachable());
    reachable.sort((a, b) -> Long.compare(a.serial, b.serial));
    return reachable.isEmpty() ? null : reachable.get(random.nextInt(reachable.size()));
  }

  private ModelNode owned() {
    List<ModelNode> all = new ArrayList<>();
    model.live.values().stream().filter(node -> node.owned > 0).forEach(all::add);
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  @Override
  public void close() {
    if (!heap.isClosed()) {
      heap.close();
    }
  }
}

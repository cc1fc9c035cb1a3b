package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * The stack ends in the middle of an operation, wherever that is: the thread is not inside
 * afterwards, and does not hold up others.
 */
class SharedStackTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");

  interface Use {
    void use(Heap heap, long holder, long weak);
  }

  /** What a thread does with the last of its stack. */
  enum Operation implements Use {
    READ_THE_CORE {
      @Override
      public void use(Heap heap, long holder, long weak) {
        heap.refCount(holder);
      }
    },
    LOAD {
      @Override
      public void use(Heap heap, long holder, long weak) {
        heap.release(heap.loadRef(holder, 0));
      }
    },
    STORE {
      @Override
      public void use(Heap heap, long holder, long weak) {
        long inner = heap.loadRef(holder, 0);
        heap.setRef(holder, 1, inner);
        heap.release(inner);
      }
    },
    ALLOCATE {
      @Override
      public void use(Heap heap, long holder, long weak) {
        heap.setRefMoved(holder, 0, heap.allocate(NODE));
      }
    },
    ALLOCATE_TABLE {
      @Override
      public void use(Heap heap, long holder, long weak) {
        heap.setRefMoved(holder, 0, heap.allocate(TABLE, 10));
      }
    },
    UPGRADE {
      @Override
      public void use(Heap heap, long holder, long weak) {
        heap.release(heap.upgradeWeak(weak));
      }
    },
    COLLECT {
      @Override
      public void use(Heap heap, long holder, long weak) {
        heap.collector().collect(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void othersGoOnAfterTheStackHasEnded(Operation operation) {
    Heap heap = Heap.ofShared(); // not closed: a death that the stack has cut short is never over
    long holder = heap.allocate(NODE);
    heap.setRefMoved(holder, 0, heap.allocate(NODE));
    long weak = heap.newWeak(holder);
    AtomicBoolean ended = new AtomicBoolean();
    Crew.run(
        (_, _) -> {
          try {
            for (int i = 0; i < 3; i++) {
              assertThatThrownBy(() -> dive(heap, operation, holder, weak, 1 << 30))
                  .isInstanceOf(StackOverflowError.class);
            }
          } finally {
            ended.set(true);
          }
        },
        (_, _) -> {
          while (!ended.get()) {
            assertThat(heap.refCount(holder)).isPositive();
          }
        });
    assertThat(heap.isLive(holder)).isTrue();
  }

  private static long dive(Heap heap, Use use, long holder, long weak, int depth) {
    use.use(heap, holder, weak);
    return depth == 0 ? 0 : dive(heap, use, holder, weak, depth - 1) + 1;
  }
}

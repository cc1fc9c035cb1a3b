package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/** The close of a heap while other threads do one thing over and over again. */
class SharedCloseTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType FINALIZABLE =
      ObjectType.builder("finalizable")
          .references(2)
          .finalizer((heap, ref) -> heap.release(heap.allocate(NODE)))
          .build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");

  /** What may be done after the close without being told: to end what Java code has. */
  interface End {
    void end();
  }

  /** What threads do; what is returned must not fail, whenever the heap is closed. */
  enum Use {
    WEAK_HANDLE {
      @Override
      End begin(Heap heap, long node) {
        WeakHandle handle = heap.weakHandle(node, null);
        return handle::close;
      }
    },
    HOST_HANDLE {
      @Override
      End begin(Heap heap, long node) {
        HostHandle handle = heap.hostHandle(node);
        return handle::close;
      }
    },
    SCOPE {
      @Override
      End begin(Heap heap, long node) {
        LocalScope scope = heap.openScope();
        try {
          for (int i = 0; i < 100; i++) {
            scope.own(heap.allocate(NODE));
          }
        } catch (IllegalStateException e) {
          scope.close();
          throw e;
        }
        return scope::close;
      }
    },
    DEATH {
      @Override
      End begin(Heap heap, long node) {
        long chain = Heap.NULL;
        for (int i = 0; i < 300; i++) {
          long next = heap.allocate(i % 50 == 0 ? FINALIZABLE : NODE);
          heap.setRefMoved(next, 0, chain);
          chain = next;
        }
        heap.release(chain);
        return () -> {};
      }
    },
    /** A slot that is never empty; see the caller. */
    LOAD {
      @Override
      End begin(Heap heap, long node) {
        for (int i = 0; i < 1000; i++) {
          long inner = heap.loadRef(node, 0);
          assertThat(inner).isNotEqualTo(Heap.NULL);
          heap.release(inner);
        }
        return () -> {};
      }
    },
    EXCHANGE {
      @Override
      End begin(Heap heap, long node) {
        for (int i = 0; i < 1000; i++) {
          long inner = heap.exchangeRef(node, 0, heap.allocate(NODE));
          assertThat(inner).isNotEqualTo(Heap.NULL);
          heap.release(inner);
        }
        return () -> {};
      }
    },
    ARRAY {
      @Override
      End begin(Heap heap, long node) {
        long table = heap.allocate(TABLE, 5000);
        for (int i = 0; i < 5000; i++) {
          heap.setElement(table, i, node);
        }
        heap.release(table);
        return () -> {};
      }
    },
    COLLECTION {
      @Override
      End begin(Heap heap, long node) {
        long one = heap.allocate(FINALIZABLE);
        heap.setRef(one, 0, one);
        heap.release(one);
        heap.collector().collect(ThreadLocalRandom.current().nextInt(3));
        return () -> {};
      }
    },
    STEPS {
      @Override
      End begin(Heap heap, long node) {
        long one = heap.allocate(NODE);
        heap.setRef(one, 0, one);
        heap.release(one);
        heap.collector().step(1000);
        heap.collector().assist(1000);
        return () -> {};
      }
    },
    FIRST_AND_LAST {
      @Override
      End begin(Heap heap, long node) {
        Thread thread = new Thread(() -> retainAndRelease(heap, node));
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        heap.release(heap.allocate(NODE));
        return () -> {};
      }
    };

    abstract End begin(Heap heap, long node);

    private static void retainAndRelease(Heap heap, long node) {
      try {
        heap.retain(node);
        heap.release(heap.allocate(NODE));
        heap.release(node);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("closed");
      }
    }
  }

  /** So often a thread uses the heap, if it is not closed before. */
  private static final int MOST = 2000;

  /** Whoever begins something too late is told so; what was begun can be ended all the same. */
  @ParameterizedTest
  @EnumSource
  void closeWhileOthersGoOn(Use use) {
    for (int round = 0; round < 40; round++) {
      Heap heap = Heap.ofShared(HeapOptions.DEFAULT.withIncremental(round % 2 == 0));
      long node = heap.allocate(NODE);
      heap.setRefMoved(node, 0, heap.allocate(NODE));
      Crew.Task task =
          (number, random) -> {
            // not for ever: two threads that always call user code between them let nobody close
            for (int i = 0; i < MOST; i++) {
              End end;
              try {
                end = use.begin(heap, node);
              } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("closed");
                return;
              }
              end.end();
            }
          };
      Crew.run(task, task, (number, random) -> closeInTheEnd(heap, random.nextInt(2000)));
      assertThat(heap.errors().entries()).isEmpty();
    }
  }

  /** It is refused while user code runs. */
  private static void closeInTheEnd(Heap heap, int spins) {
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
    while (!heap.isClosed()) {
      try {
        heap.close();
      } catch (IllegalStateException e) {
        assertThat(e.getMessage()).containsAnyOf("user code", "being closed");
        Thread.yield();
      }
    }
  }

  /** The finalizers that the close runs meet other threads, which use the heap and close it too. */
  @RepeatedTest(10)
  void finalizersOfTheCloseMeetOtherThreads() {
    Heap heap = Heap.ofShared();
    for (int i = 0; i < 200; i++) {
      heap.allocate(FINALIZABLE); // nobody releases it
    }
    Crew.Task closing = (number, random) -> closeInTheEnd(heap, 100);
    Crew.Task using =
        (number, random) -> {
          try {
            for (int i = 0; i < 10 * MOST; i++) {
              long one = heap.allocate(random.nextInt(50) == 0 ? FINALIZABLE : NODE);
              heap.setRef(one, 1, one);
              heap.release(one);
              if (random.nextInt(20) == 0) {
                heap.collector().collect(random.nextInt(3));
              }
            }
          } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("closed");
          }
        };
    Crew.run(closing, using, closing, using);
    assertThat(heap.closeReport().finalizersRun()).isPositive();
    assertThat(heap.errors().entries()).isEmpty();
  }
}

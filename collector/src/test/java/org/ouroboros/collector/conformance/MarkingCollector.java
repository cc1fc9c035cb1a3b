package org.ouroboros.collector.conformance;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;

/**
 * A heap's collector that is in the middle of marking, in steps, whenever it is called. Full
 * collections give that up, so that nobody can tell.
 */
final class MarkingCollector implements InvocationHandler {

  /** Too few to end marking, where there is an object. */
  private static final int STEPS = 2;

  /** What ends marking. */
  private static final Set<String> ENDING = Set.of("freeze", "unfreeze", "setDebug");

  private final Heap heap;
  private final Collector collector;
  private int steps;

  private MarkingCollector(Heap heap) {
    this.heap = heap;
    this.collector = heap.collector();
  }

  static Collector of(Heap heap) {
    return (Collector)
        Proxy.newProxyInstance(
            Collector.class.getClassLoader(),
            new Class<?>[] {Collector.class},
            new MarkingCollector(heap));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (steps < STEPS && !heap.isClosed() && heap.stats().liveObjects() > 0) {
      steps++;
      collector.step(0);
    }
    boolean full =
        method.getName().equals("collect")
            && (arguments == null || arguments[0].equals(Collector.OLDEST));
    if (full || ENDING.contains(method.getName())) {
      steps = 0;
    }
    try {
      return method.invoke(collector, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

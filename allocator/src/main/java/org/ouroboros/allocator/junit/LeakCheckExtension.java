package org.ouroboros.allocator.junit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;

/** What {@link LeakCheck} does: a {@link LeakWatch} for each class, and one in it for each test. */
@SuppressWarnings("exports") // whoever uses it has JUnit
public final class LeakCheckExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(LeakCheckExtension.class);

  /** For JUnit. */
  public LeakCheckExtension() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    begin(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    begin(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    end(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    end(context);
  }

  private static void begin(ExtensionContext context) {
    // Of the context or one above it.
    LeakWatch outer = context.getStore(NAMESPACE).get(LeakWatch.class, LeakWatch.class);
    context.getStore(NAMESPACE).put(LeakWatch.class, LeakWatch.begin(outer));
  }

  private static void end(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    LeakWatch watch = store.remove(LeakWatch.class, LeakWatch.class);
    if (watch == null) {
      return;
    }
    List<LeakReport> leaks = new ArrayList<>(watch.end());
    Set<String> ignored = ignored(context);
    leaks.removeIf(leak -> ignored.contains(leak.owner()));
    if (!leaks.isEmpty() && context.getExecutionException().isEmpty()) {
      leaks.forEach(LeakReport::record);
      throw new LeakFoundError(context.getDisplayName(), leaks);
    }
  }

  /** What the annotations of the test, its class and the classes around it name. */
  private static Set<String> ignored(ExtensionContext context) {
    Set<String> names = new HashSet<>();
    for (Optional<ExtensionContext> at = Optional.of(context);
        at.isPresent();
        at = at.get().getParent()) {
      at.get()
          .getElement()
          .map(element -> element.getAnnotation(LeakCheck.class))
          .ifPresent(check -> names.addAll(List.of(check.ignore())));
    }
    return names;
  }
}

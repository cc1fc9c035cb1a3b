package org.ouroboros.allocator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.bdwgc.BoehmProvider;
import org.ouroboros.allocator.debug.DebugDecorator;
import org.ouroboros.allocator.foreign.NativeProvider;
import org.ouroboros.allocator.guard.GuardDecorator;
import org.ouroboros.allocator.region.RegionProvider;
import org.ouroboros.allocator.trace.TraceDecorator;

/**
 * The providers and decorators that there are at one moment: the built-in ones, then the services
 * that the class path and the module path bring.
 *
 * <p>A service that cannot be used (its constructor throws, its name is null, ill-formed or taken)
 * is left out, and told of where a name is not found: one bad jar must not keep a program from its
 * allocator.
 */
final class AllocatorRegistry {

  private static final Pattern NAME = Pattern.compile("[a-z0-9.-]+(_[a-z0-9.-]+)*");
  private static final Pattern SUFFIX = Pattern.compile("[a-z0-9]+");

  private final Map<String, AllocatorProvider> providers = new LinkedHashMap<>();
  private final Map<String, AllocatorDecorator> decorators = new LinkedHashMap<>();
  private final List<AllocatorProvider> services = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private AllocatorRegistry() {}

  /** Looks for all of them now. */
  static AllocatorRegistry load() {
    AllocatorRegistry found = new AllocatorRegistry();
    builtInProviders().forEach(provider -> found.providers.put(provider.name(), provider));
    builtInDecorators().forEach(one -> found.decorators.put(one.suffix(), one));
    found.services.addAll(
        found.services(AllocatorProvider.class, AllocatorProvider::name, NAME, found.providers));
    found.services(AllocatorDecorator.class, AllocatorDecorator::suffix, SUFFIX, found.decorators);
    return found;
  }

  private static List<AllocatorProvider> builtInProviders() {
    List<AllocatorProvider> builtIn = new ArrayList<>();
    builtIn.add(new OuroborosProvider());
    builtIn.addAll(NativeProvider.all());
    builtIn.add(new BoehmProvider());
    builtIn.add(new RegionProvider());
    return builtIn;
  }

  /** Built-in suffixes stand here. */
  private static List<AllocatorDecorator> builtInDecorators() {
    return List.of(
        new DebugDecorator(), new RecordDecorator(), new TraceDecorator(), new GuardDecorator());
  }

  private <S> List<S> services(
      Class<S> type, Function<S, @Nullable String> name, Pattern pattern, Map<String, S> into) {
    List<S> added = new ArrayList<>();
    Iterator<ServiceLoader.Provider<S>> entries = loader(type).stream().iterator();
    while (true) {
      String what = type.getSimpleName();
      try {
        ServiceLoader.Provider<S> entry = entries.next();
        what = entry.type().getName();
        S service = entry.get();
        String called = name.apply(service);
        if (called == null || !pattern.matcher(called).matches()) {
          faults.add(what + " has the name '" + called + "', which is not like " + pattern);
        } else if (into.putIfAbsent(called, service) != null) {
          faults.add(what + " has the name '" + called + "', which is taken");
        } else {
          added.add(service);
        }
      } catch (NoSuchElementException e) {
        return added;
      } catch (ServiceConfigurationError | RuntimeException e) {
        Throwable why = e.getCause() == null ? e : e.getCause();
        faults.add(what + " failed with " + why);
      }
    }
  }

  private static <S> ServiceLoader<S> loader(Class<S> type) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return ServiceLoader.load(type, context != null ? context : type.getClassLoader());
  }

  List<AllocatorProvider> providers() {
    return List.copyOf(providers.values());
  }

  /** The providers that came as services, in the order in which they were found. */
  List<AllocatorProvider> services() {
    return services;
  }

  Optional<AllocatorProvider> provider(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  Optional<AllocatorDecorator> decorator(String suffix) {
    return Optional.ofNullable(decorators.get(suffix));
  }

  List<String> providerNames() {
    return List.copyOf(providers.keySet());
  }

  List<String> suffixes() {
    return List.copyOf(decorators.keySet());
  }

  /** What was left out and why, as the end of a sentence; empty if nothing was. */
  String faults() {
    return faults.isEmpty() ? "" : "; left out: " + String.join("; ", faults);
  }
}

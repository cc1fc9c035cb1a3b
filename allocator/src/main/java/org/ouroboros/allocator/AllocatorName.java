package org.ouroboros.allocator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.foreign.NativeProvider;
import org.ouroboros.allocator.statistics.ProcessStatistics;

/**
 * A name taken apart: {@code mimalloc_debug_record} is the provider {@code mimalloc} and the
 * decorators {@code debug} and {@code record}, the innermost first.
 *
 * @param text the whole
 * @param provider what makes the allocator
 * @param decorators what is put around it
 */
record AllocatorName(String text, AllocatorProvider provider, List<AllocatorDecorator> decorators) {

  /**
   * Takes a name apart.
   *
   * @throws AllocatorUnavailableException if the provider or a suffix is not known; the message
   *     lists what is
   */
  static AllocatorName parse(String text, AllocatorRegistry registry) {
    if (text.startsWith(NativeProvider.UNKNOWN_PREFIX)) {
      return ofLibrary(text, registry);
    }
    String base = longestProvider(text, registry);
    if (base == null) {
      throw new AllocatorUnavailableException(
          text,
          "the name is not known; known are "
              + String.join(", ", registry.providerNames())
              + suffixes(registry)
              + registry.faults(),
          null);
    }
    List<AllocatorDecorator> decorators =
        base.length() < text.length()
            ? decorators(text, text.substring(base.length() + 1), registry)
            : List.of();
    return new AllocatorName(text, registry.provider(base).orElseThrow(), decorators);
  }

  /** The same for an allocator that was made already. */
  static AllocatorName around(Allocator inner, String suffixes, AllocatorRegistry registry) {
    String text = inner.name() + "_" + suffixes;
    return new AllocatorName(text, new Made(inner), decorators(text, suffixes, registry));
  }

  private static List<AllocatorDecorator> decorators(
      String text, String suffixes, AllocatorRegistry registry) {
    List<AllocatorDecorator> decorators = new ArrayList<>();
    for (String suffix : suffixes.split("_", -1)) {
      decorators.add(
          registry.decorator(suffix).orElseThrow(() -> unknownSuffix(text, suffix, registry)));
    }
    return decorators;
  }

  /** A path may have underscores: only suffixes that are known are taken for suffixes. */
  private static AllocatorName ofLibrary(String text, AllocatorRegistry registry) {
    List<AllocatorDecorator> decorators = new ArrayList<>();
    String base = text;
    while (true) {
      int at = base.lastIndexOf('_');
      AllocatorDecorator decorator = registry.decorator(base.substring(at + 1)).orElse(null);
      if (at < 0 || decorator == null) {
        return new AllocatorName(text, NativeProvider.unknown(base), decorators);
      }
      decorators.addFirst(decorator);
      base = base.substring(0, at);
    }
  }

  /** Names of providers may have underscores: the longest that fits is meant. */
  private static @Nullable String longestProvider(String text, AllocatorRegistry registry) {
    for (int end = text.length(); end > 0; end = text.lastIndexOf('_', end - 1)) {
      if (registry.provider(text.substring(0, end)).isPresent()) {
        return text.substring(0, end);
      }
    }
    return null;
  }

  private static AllocatorUnavailableException unknownSuffix(
      String text, String suffix, AllocatorRegistry registry) {
    return new AllocatorUnavailableException(
        text,
        "the suffix _"
            + suffix
            + " is not known"
            + (registry.suffixes().isEmpty() ? "; there are none" : suffixes(registry))
            + registry.faults(),
        null);
  }

  private static String suffixes(AllocatorRegistry registry) {
    List<String> known = registry.suffixes();
    return known.isEmpty() ? "" : "; known suffixes are _" + String.join(", _", known);
  }

  /** Makes the allocator and puts the decorators around it. */
  Allocator create() {
    Allocator made = created();
    for (AllocatorDecorator decorator : decorators) {
      made = decorated(decorator, made);
    }
    // The default allocator lists itself, and the decorators of one that was made already do not
    // make it another.
    return provider instanceof Made || OuroborosAllocator.behind(made) != null
        ? made
        : ProcessStatistics.made(made);
  }

  private Allocator created() {
    @Nullable Allocator made;
    try {
      made = provider.create();
    } catch (AllocatorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(provider, "its create() threw " + e, e);
    }
    if (made == null) {
      throw broken(provider, "its create() returned null", null);
    }
    return made;
  }

  private Allocator decorated(AllocatorDecorator decorator, Allocator inner) {
    @Nullable Allocator made = null;
    try {
      made = decorator.decorate(inner);
    } catch (AllocatorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(decorator, "its decorate() threw " + e, e);
    } finally {
      if (made == null) {
        inner.close();
      }
    }
    if (made == null) {
      throw broken(decorator, "its decorate() returned null", null);
    }
    return made;
  }

  /** Whether it could be made: the provider's answer, whatever that does. */
  Availability availability() {
    try {
      @Nullable Availability answer = provider.availability();
      return answer != null
          ? new Availability(text, answer.available(), String.valueOf(answer.detail()))
          : new Availability(text, false, fault(provider, "its availability() returned null"));
    } catch (RuntimeException e) {
      return new Availability(text, false, fault(provider, "its availability() threw " + e));
    }
  }

  private AllocatorUnavailableException broken(
      Object service, String what, @Nullable RuntimeException cause) {
    return new AllocatorUnavailableException(text, fault(service, what), cause);
  }

  private static String fault(Object service, String what) {
    return "the service "
        + service.getClass().getName()
        + " is broken: "
        + what
        + "; mend it, or take its jar off the class path";
  }

  /** Gives an allocator that was made already. */
  private record Made(Allocator allocator) implements AllocatorProvider {

    @Override
    public String name() {
      return allocator.name();
    }

    @Override
    public Availability availability() {
      return new Availability(name(), true, "made already");
    }

    @Override
    public Allocator create() {
      return allocator;
    }
  }
}

package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers and decorators that the class path brings, good ones and broken ones. */
class ServicesTest {

  @TempDir private Path folder;

  @Test
  void shouldFindProvidersAndDecoratorsWhenTheyAreServices() throws Exception {
    providers(Good.class);
    decorators(Loud.class);

    assertThat(run("good")).isEqualTo("good");
    assertThat(run("good_loud")).isEqualTo("good_loud");
    assertThat(run("ouroboros_loud_loud")).isEqualTo("ouroboros_loud_loud");
  }

  @Test
  void shouldTakeTheServiceAsTheDefaultWhenNoNameIsSet() throws Exception {
    providers(Absent.class, Good.class);

    assertThat(run("default")).isEqualTo("good");
    assertThat(run("default", "-Douroboros.malloc=ouroboros")).isEqualTo("ouroboros");
  }

  @Test
  void shouldTakeTheBuiltInDefaultWhenNoServiceIsAvailable() throws Exception {
    providers(Absent.class);

    assertThat(run("default")).isEqualTo("ouroboros");
    assertThat(run("absent")).contains("'absent'").contains("it is not installed");
  }

  @Test
  void shouldSayWhichServiceIsBrokenWhenAProviderFails() throws Exception {
    providers(Throwing.class, Nothing.class);

    assertThat(run("throwing"))
        .contains(Throwing.class.getName() + " is broken: its create() threw")
        .contains("take its jar off the class path");
    assertThat(run("nothing"))
        .contains(Nothing.class.getName() + " is broken: its create() returned null");
    assertThat(run("list"))
        .contains("throwing false the service " + Throwing.class.getName())
        .contains("nothing false the service " + Nothing.class.getName())
        .contains("availability() returned null");
    assertThat(run("default")).isEqualTo("ouroboros");
  }

  @Test
  void shouldLeaveOutAndTellWhenAServiceHasNoUsableName() throws Exception {
    providers(Unmakeable.class, Nameless.class, Duplicate.class, Good.class);
    decorators(Underscored.class);

    assertThat(run("good")).isEqualTo("good");
    assertThat(run("nonsense"))
        .contains("known are ouroboros, libc")
        .contains(Unmakeable.class.getName() + " failed with")
        .contains(Nameless.class.getName() + " has the name 'null'")
        .contains(Duplicate.class.getName() + " has the name 'ouroboros', which is taken")
        .contains(Underscored.class.getName() + " has the name '_loud'");
  }

  @Test
  void shouldListTheSuffixesWhenOneIsUnknown() throws Exception {
    decorators(Loud.class);

    assertThat(run("ouroboros_lout"))
        .contains("the suffix _lout is not known; known suffixes are _")
        .contains("_loud");
    assertThat(run("libc_")).contains("the suffix _ is not known");
  }

  @Test
  void shouldSayWhichDecoratorIsBrokenWhenItReturnsNull() throws Exception {
    decorators(Hollow.class);

    assertThat(run("ouroboros_hollow"))
        .contains(Hollow.class.getName() + " is broken: its decorate() returned null");
  }

  // Helpers

  private void providers(Class<?>... types) throws Exception {
    write(AllocatorProvider.class, types);
  }

  private void decorators(Class<?>... types) throws Exception {
    write(AllocatorDecorator.class, types);
  }

  private void write(Class<?> service, Class<?>... types) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    List<String> names = new ArrayList<>();
    for (Class<?> type : types) {
      names.add(type.getName());
    }
    Files.write(services.resolve(service.getName()), names);
  }

  private String run(String what, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-cp", ForkedJvm.classPath() + File.pathSeparator + folder));
    all.add("-Dwhat=" + what);
    ForkedJvm.Result result = ForkedJvm.run(Choice.class, all.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    return result.out().strip();
  }

  /** Prints the name of what is chosen, or why it cannot be had. */
  static final class Choice {
    private Choice() {}

    public static void main(String[] args) {
      String what = System.getProperty("what");
      if (what.equals("list")) {
        for (Availability row : Allocators.list()) {
          System.out.println(row.name() + " " + row.available() + " " + row.detail());
        }
        return;
      }
      try {
        Allocator chosen =
            what.equals("default") ? Allocators.defaultAllocator() : Allocators.of(what);
        chosen.free(chosen.malloc(10));
        System.out.println(chosen.name());
      } catch (AllocatorUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** A provider that works. */
  public static class Good implements AllocatorProvider {
    @Override
    public String name() {
      return "good";
    }

    @Override
    public Availability availability() {
      return new Availability(name(), true, "of the tests");
    }

    @Override
    public Allocator create() {
      return new Named(OuroborosAllocator.create(), name());
    }
  }

  /** A provider of what is not there. */
  public static final class Absent extends Good {
    @Override
    public String name() {
      return "absent";
    }

    @Override
    public Availability availability() {
      return new Availability(name(), false, "it is not installed");
    }

    @Override
    public Allocator create() {
      throw new AllocatorUnavailableException(name(), "it is not installed", null);
    }
  }

  /** A provider that throws what it should not. */
  public static final class Throwing extends Good {
    @Override
    public String name() {
      return "throwing";
    }

    @Override
    public Availability availability() {
      throw new IllegalStateException("broken");
    }

    @Override
    public Allocator create() {
      throw new IllegalStateException("broken");
    }
  }

  /** A provider that returns null. */
  public static final class Nothing extends Good {
    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public Availability availability() {
      return null;
    }

    @Override
    public Allocator create() {
      return null;
    }
  }

  /** A provider that cannot be made. */
  public static final class Unmakeable extends Good {
    public Unmakeable() {
      throw new IllegalStateException("broken");
    }
  }

  /** A provider without a name. */
  public static final class Nameless extends Good {
    @Override
    public String name() {
      return null;
    }
  }

  /** A provider whose name another one has. */
  public static final class Duplicate extends Good {
    @Override
    public String name() {
      return "ouroboros";
    }
  }

  /** A decorator that works. */
  public static class Loud implements AllocatorDecorator {
    @Override
    public String suffix() {
      return "loud";
    }

    @Override
    public Allocator decorate(Allocator inner) {
      return new Named(inner, inner.name() + "_loud");
    }
  }

  /** A decorator whose suffix could not be told from two. */
  public static final class Underscored extends Loud {
    @Override
    public String suffix() {
      return "_loud";
    }
  }

  /** A decorator that returns null. */
  public static final class Hollow extends Loud {
    @Override
    public String suffix() {
      return "hollow";
    }

    @Override
    public Allocator decorate(Allocator inner) {
      return null;
    }
  }

  private static final class Named extends ForwardingAllocator {
    Named(Allocator inner, String name) {
      super(inner, name);
    }
  }
}

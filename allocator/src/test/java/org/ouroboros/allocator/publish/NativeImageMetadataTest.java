package org.ouroboros.allocator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.allocator.publish.ForeignCalls.Signature;

/**
 * What GraalVM's native-image is told of is what the compiled classes do: signatures of C functions
 * that are called, and of those that C may call, and resources.
 */
class NativeImageMetadataTest {

  private static final Path CLASSES = Path.of("target/classes");
  private static final Path FILE =
      Path.of(
          "src/main/resources/META-INF/native-image/org.ouroboros/ouroboros-allocator",
          "reachability-metadata.json");
  private static final Path EXPECTED = Path.of("target/reachability-metadata.json");

  @Test
  void shouldListWhatTheClassesCall() throws IOException {
    ForeignCalls calls = ForeignCalls.of(CLASSES);
    assertThat(calls.downcalls)
        .contains(new Signature("jint", List.of("jlong", "jlong"), "capture")); // munmap
    String expected = json(calls.downcalls, upcalls());
    Files.writeString(EXPECTED, expected);
    assertThat(Files.readString(FILE))
        .as("cp allocator/%s allocator/%s", EXPECTED, FILE)
        .isEqualTo(expected);
  }

  /** Where new code links to C in another way, this says so, and {@link ForeignCalls} must know. */
  @Test
  void shouldKnowAllThatLinks() throws IOException {
    ForeignCalls calls = ForeignCalls.of(CLASSES);
    assertThat(calls.exporting).containsExactly("CExport.function");
    assertThat(calls.unread).containsExactly("CFunction.descriptor");
    assertThat(calls.linking)
        .contains("VirtualMemory.bind", "LibrarySymbols.handle", "LibraryVersion.bind");
  }

  @Test
  void shouldNameResourcesThatThereAre() {
    for (String resource : OWN_RESOURCES) {
      assertThat(CLASSES.resolve(resource)).exists();
    }
  }

  /** The templates of hidden classes. */
  private static final List<String> OWN_RESOURCES =
      List.of(
          "org/ouroboros/allocator/export/CCalls.class",
          "org/ouroboros/allocator/foreign/NativeAllocator.class");

  private static Set<Signature> upcalls() {
    return Arrays.stream(CFunction.values())
        .map(CFunction::descriptor)
        .map(NativeImageMetadataTest::signature)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Signature signature(FunctionDescriptor type) {
    return new Signature(
        type.returnLayout().map(NativeImageMetadataTest::name).orElse("void"),
        type.argumentLayouts().stream().map(NativeImageMetadataTest::name).toList(),
        "");
  }

  private static String name(MemoryLayout layout) {
    return layout.equals(ValueLayout.JAVA_INT) ? "jint" : "jlong";
  }

  private static String json(Collection<Signature> downcalls, Collection<Signature> upcalls) {
    StringBuilder text = new StringBuilder("{\n  \"resources\": [\n");
    text.append(
        Stream.of("", "\"module\": \"org.ouroboros.allocator\", ")
            .flatMap(
                module ->
                    OWN_RESOURCES.stream()
                        .map(r -> "    { " + module + "\"glob\": \"" + r + "\" }"))
            .collect(Collectors.joining(",\n")));
    text.append("\n  ],\n  \"foreign\": {\n    \"downcalls\": [\n");
    text.append(lines(downcalls));
    text.append("\n    ],\n    \"upcalls\": [\n");
    text.append(lines(upcalls));
    return text.append("\n    ]\n  }\n}\n").toString();
  }

  private static String lines(Collection<Signature> signatures) {
    return signatures.stream()
        .map(NativeImageMetadataTest::line)
        .collect(Collectors.joining(",\n"));
  }

  private static String line(Signature signature) {
    String parameters =
        signature.parameters().stream()
            .map(name -> '"' + name + '"')
            .collect(Collectors.joining(", ", "[", "]"));
    String option =
        switch (signature.option()) {
          case "capture" -> ", \"options\": { \"captureCallState\": true }";
          case "critical" -> ", \"options\": { \"critical\": { \"allowHeapAccess\": false } }";
          default -> "";
        };
    return "      { \"returnType\": \"%s\", \"parameterTypes\": %s%s }"
        .formatted(signature.result(), parameters, option);
  }
}

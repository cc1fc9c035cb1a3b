package org.ouroboros.allocator.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/** Arrow's vectors and its file format on our memory. */
class ArrowFileTest {

  private static final int ROWS = 10_000;
  private static final int BATCHES = 3;

  @TempDir private Path folder;

  private static BufferAllocator arrow(Allocator memory) {
    return new RootAllocator(
        RootAllocator.configBuilder()
            .allocationManagerFactory(OuroborosAllocationManager.factory(memory))
            .maxAllocation(64L << 20)
            .build());
  }

  @Test
  void shouldWriteAndReadAFileAndLeaveNothing() throws IOException {
    Path file = folder.resolve("numbers.arrow");
    try (OuroborosAllocator memory = OuroborosAllocator.builder().exactFreeChecks(true).build()) {
      try (BufferAllocator arrow = arrow(memory)) {
        write(arrow, memory, file);
        assertThat(memory.stats().liveBlocks()).isZero();
        read(arrow, memory, file);
      }
      assertThat(memory.stats().liveBlocks()).isZero();
    }
  }

  @Test
  void shouldDamageNoGuardBytes() throws IOException {
    Path file = folder.resolve("guarded.arrow");
    try (Allocator memory = Allocators.of("ouroboros_debug");
        BufferAllocator arrow = arrow(memory)) {
      write(arrow, memory, file);
      read(arrow, memory, file);
      assertThat(memory.stats().liveBlocks()).isZero();
    }
  }

  private static void write(BufferAllocator arrow, Allocator memory, Path file) throws IOException {
    BigIntVector numbers = new BigIntVector("number", arrow);
    VarCharVector names = new VarCharVector("name", arrow);
    try (VectorSchemaRoot rows = new VectorSchemaRoot(List.of(numbers, names));
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ArrowFileWriter writer = new ArrowFileWriter(rows, null, channel)) {
      writer.start();
      for (int batch = 0; batch < BATCHES; batch++) {
        for (int row = 0; row < ROWS; row++) {
          long number = number(batch, row);
          if (row % 7 == 0) {
            numbers.setNull(row);
          } else {
            numbers.setSafe(row, number);
          }
          names.setSafe(row, name(number).getBytes(StandardCharsets.UTF_8));
        }
        rows.setRowCount(ROWS);
        assertThat(memory.stats().liveBlocks()).isPositive();
        assertThat(memory.stats().liveBytes()).isGreaterThanOrEqualTo(arrow.getAllocatedMemory());
        writer.writeBatch();
      }
      writer.end();
    }
  }

  private static void read(BufferAllocator arrow, Allocator memory, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        ArrowFileReader reader = new ArrowFileReader(channel, arrow)) {
      VectorSchemaRoot rows = reader.getVectorSchemaRoot();
      int batch = 0;
      for (; reader.loadNextBatch(); batch++) {
        assertThat(rows.getRowCount()).isEqualTo(ROWS);
        assertThat(memory.stats().liveBlocks()).isPositive();
        BigIntVector numbers = (BigIntVector) rows.getVector("number");
        VarCharVector names = (VarCharVector) rows.getVector("name");
        for (int row = 0; row < ROWS; row++) {
          long number = number(batch, row);
          assertThat(numbers.getObject(row)).isEqualTo(row % 7 == 0 ? null : number);
          assertThat(names.getObject(row)).hasToString(name(number));
        }
      }
      assertThat(batch).isEqualTo(BATCHES);
    }
  }

  private static long number(int batch, int row) {
    return (long) batch * ROWS + row;
  }

  private static String name(long number) {
    return "row " + number + "/".repeat((int) (number % 50));
  }
}

package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/**
 * This process's memory as Linux tells it in {@code /proc/self/status}. Reading it allocates
 * nothing and makes no library call that might, so that it does not change what it reads: the file
 * is kept open and read into an array of its own.
 *
 * <p>Elsewhere than on Linux every figure is {@link #UNKNOWN}. Not for several threads at once.
 */
public final class ProcStatus implements AutoCloseable {

  /** What is not told here. */
  public static final long UNKNOWN = -1;

  /** Larger reads through {@link RandomAccessFile} go through the C library's malloc. */
  private static final int BUFFER_BYTES = 8192;

  private static final byte[] PEAK = "VmHWM:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RESIDENT = "VmRSS:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ANONYMOUS = "RssAnon:".getBytes(StandardCharsets.US_ASCII);

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final RandomAccessFile file;

  /**
   * Opens the file.
   *
   * @throws IOException if there is none
   */
  public ProcStatus() throws IOException {
    file = new RandomAccessFile("/proc/self/status", "r");
  }

  /**
   * What is resident now.
   *
   * @return bytes
   * @throws IOException if the file cannot be read
   */
  public long resident() throws IOException {
    return read(RESIDENT);
  }

  /** Bytes of anonymous memory resident now: heap, stacks, what malloc gave; no files. */
  long anonymous() throws IOException {
    return read(ANONYMOUS);
  }

  /**
   * The most that was resident since {@link #resetPeak}.
   *
   * @return bytes
   * @throws IOException if the file cannot be read
   */
  public long peakResident() throws IOException {
    return read(PEAK);
  }

  /**
   * Makes the peak of resident bytes what is resident now.
   *
   * @throws IOException if the kernel does not let this process
   */
  public static void resetPeak() throws IOException {
    try (RandomAccessFile refs = new RandomAccessFile("/proc/self/clear_refs", "rw")) {
      refs.write('5');
    }
  }

  private long read(byte[] key) throws IOException {
    file.seek(0);
    int length = Math.max(0, file.read(buffer));
    for (int at = 0; at + key.length < length; at++) {
      if ((at == 0 || buffer[at - 1] == '\n') && startsWith(at, key)) {
        return kibibytes(at + key.length, length);
      }
    }
    return UNKNOWN;
  }

  private boolean startsWith(int at, byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (buffer[at + i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  private long kibibytes(int from, int length) {
    long value = 0;
    for (int at = from; at < length && buffer[at] != '\n'; at++) {
      if (buffer[at] >= '0' && buffer[at] <= '9') {
        value = value * 10 + buffer[at] - '0';
      }
    }
    return value << 10;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package org.ouroboros.collector.heap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A full memory fence that all other threads of the process execute, wherever they are: the dear
 * half of an asymmetric fence, whose cheap half is no instruction at all.
 *
 * <p>On Linux with native access it is the system call {@code membarrier} (private, expedited;
 * since Linux 4.14): the kernel interrupts the processors that run threads of this process, and a
 * thread that does not run has been fenced by the switch. Elsewhere a shared arena of the JDK is
 * opened and closed: its close shakes hands with every thread, each of which passes a safepoint of
 * the JVM for that.
 *
 * <p>Thread rule: any thread. Cost: 1 to some microseconds, or 50 to 100 without the system call.
 */
final class GlobalFence {

  private static final int PRIVATE_EXPEDITED = 1 << 3;
  private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

  /**
   * {@code long syscall(long number, int command, int flags, int cpu)}; null where there is none.
   */
  private static final @Nullable MethodHandle SYSCALL = find();

  private static final long NUMBER =
      System.getProperty("os.arch", "").equals("aarch64") ? 283 : 324;

  private static final boolean REGISTERED = call(REGISTER_PRIVATE_EXPEDITED);

  private GlobalFence() {}

  /** When this returns, every thread has executed a full fence since it was called. */
  static void run() {
    VarHandle.fullFence();
    if (!REGISTERED || !call(PRIVATE_EXPEDITED)) {
      Arena.ofShared().close();
    }
  }

  private static boolean call(int command) {
    if (SYSCALL == null) {
      return false;
    }
    try {
      return (long) SYSCALL.invokeExact(NUMBER, command, 0, 0) == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("restricted") // asked for before
  private static @Nullable MethodHandle find() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    if (!system.startsWith("linux")
        || !(machine.equals("amd64") || machine.equals("aarch64"))
        || !GlobalFence.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("syscall")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(1)))
        .orElse(null);
  }
}

package org.ouroboros.benchmarks.faq;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The five functions of Lua 5.4 that it takes to run a text. Confined to a thread at a time. */
@SuppressWarnings("restricted")
final class Lua {

  private static final String LIBRARY = "liblua5.4.so.0";

  private final MethodHandle newState;
  private final MethodHandle load;
  private final MethodHandle call;
  private final MethodHandle toText;
  private final MethodHandle close;

  private Lua(SymbolLookup lua) {
    this.newState = bind(lua, "lua_newstate", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    this.load = bind(lua, "luaL_loadstring", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    this.call =
        bind(
            lua,
            "lua_pcallk",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    this.toText =
        bind(lua, "lua_tolstring", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
    this.close = bind(lua, "lua_close", FunctionDescriptor.ofVoid(ADDRESS));
  }

  private static MethodHandle bind(SymbolLookup lua, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(lua.findOrThrow(name), type);
  }

  /**
   * Opens the library, for good.
   *
   * @throws Stop.SkippedException if it is not there; the message says the cure
   */
  static Lua open() throws Stop.SkippedException {
    try {
      return new Lua(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new Stop.SkippedException(
          LIBRARY + " cannot be opened: install Debian's package liblua5.4-0");
    }
  }

  /** {@code lua_newstate(allocate, NULL)}: a state with an allocator of its own. */
  MemorySegment newState(MemorySegment allocate) {
    try {
      MemorySegment state = (MemorySegment) newState.invokeExact(allocate, MemorySegment.NULL);
      if (state.address() == 0) {
        throw new IllegalStateException("lua_newstate returned NULL: there is no memory for it");
      }
      return state;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("Lua cannot be called", t);
    }
  }

  /** Runs a text, without any of Lua's own functions, and gives what it returns. */
  String run(MemorySegment state, String text) {
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int) load.invokeExact(state, arena.allocateFrom(text));
      if (failed == 0) {
        failed = (int) call.invokeExact(state, 0, 1, 0, 0L, MemorySegment.NULL);
      }
      MemorySegment result = (MemorySegment) toText.invokeExact(state, -1, MemorySegment.NULL);
      String said = result.address() == 0 ? "" : result.reinterpret(Long.MAX_VALUE).getString(0);
      if (failed != 0) {
        throw new IllegalStateException("Lua failed with code " + failed + ": " + said);
      }
      return said;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("Lua cannot be called", t);
    }
  }

  /** {@code lua_close}: gives everything back. */
  void close(MemorySegment state) {
    try {
      close.invokeExact(state);
    } catch (Throwable t) {
      throw new AssertionError("Lua cannot be called", t);
    }
  }
}

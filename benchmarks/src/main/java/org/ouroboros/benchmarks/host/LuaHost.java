package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.DOUBLE;
import static org.ouroboros.benchmarks.host.CLibrary.INT;
import static org.ouroboros.benchmarks.host.CLibrary.LONG;
import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/**
 * Lua: the script {@code words.lua} with tables, strings, closures and collections, in a state with
 * an allocator of its own. All that can fail for want of memory is called by the script, which is
 * called protected: elsewhere Lua would end the process.
 */
final class LuaHost implements Host {

  private static final double VERSION = 504;
  private static final int OK = 0;
  private static final int NO_MEMORY = 4;

  private static final int WORDS = 20_000;
  private static final int DIFFERENT = 3_000;

  private final CLibrary library;
  private final CCall newState;
  private final CCall loadString;
  private final CCall pushFunction;
  private final CCall call;
  private final CCall toText;
  private final CCall close;
  private final long[] openers;

  LuaHost(CLibrary library) throws HostException {
    this.library = library;
    double found = library.function("lua_version", DOUBLE, POINTER).callDouble(0);
    if (found != VERSION) {
      throw new HostException(
          Reason.WRONG_VERSION,
          library
              + " is Lua "
              + found
              + ", needed is "
              + VERSION
              + ": install that (Debian's package liblua5.4-0), or give its path");
    }
    this.newState = library.function("lua_newstate", POINTER, POINTER, POINTER);
    this.loadString = library.function("luaL_loadstring", INT, POINTER, POINTER);
    this.pushFunction = library.procedure("lua_pushcclosure", POINTER, POINTER, INT);
    this.call = library.function("lua_pcallk", INT, POINTER, INT, INT, INT, LONG, POINTER);
    this.toText = library.function("lua_tolstring", POINTER, POINTER, INT, POINTER);
    this.close = library.procedure("lua_close", POINTER);
    this.openers =
        new long[] {
          library.find("luaopen_base").address(),
          library.find("luaopen_string").address(),
          library.find("luaopen_table").address()
        };
  }

  @Override
  public String version() {
    return "5.4";
  }

  @Override
  public String run(CExport export) throws HostException {
    long state = newState.call(export.function(CFunction.COMBINED).address(), 0);
    if (state == 0) {
      throw new HostException(Reason.NO_MEMORY, library + ": lua_newstate returned null");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment script = arena.allocateFrom(script());
      check("luaL_loadstring", state, loadString.call(state, script.address()));
      for (long opener : openers) {
        pushFunction.call(state, opener, 0);
      }
      check("lua_pcallk", state, call.call(state, openers.length, 1, 0, 0, 0));
      String result = CLibrary.text(toText.call(state, -1, 0));
      HostException.check("result", result, expected());
      return result;
    } finally {
      close.call(state);
    }
  }

  private void check(String function, long state, long result) throws HostException {
    if (result != OK) {
      throw new HostException(
          result == NO_MEMORY ? Reason.NO_MEMORY : Reason.FAILED,
          library
              + ": "
              + function
              + " returned "
              + result
              + ": "
              + CLibrary.text(toText.call(state, -1, 0)));
    }
  }

  private static String script() {
    try (InputStream in = LuaHost.class.getResourceAsStream("words.lua")) {
      if (in == null) {
        throw new AssertionError("words.lua is missing beside " + LuaHost.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("words.lua cannot be read", e);
    }
  }

  /** What the script returns, by other means. */
  private static String expected() {
    TreeMap<String, Integer> counts = new TreeMap<>();
    long random = 42;
    for (int n = 0; n < WORDS; n++) {
      random = (random * 1_103_515_245 + 12_345) % (1L << 31);
      counts.merge("word" + random / 65_536 % DIFFERENT, 1, Integer::sum);
    }
    StringBuilder text = new StringBuilder();
    counts.forEach((word, count) -> text.append(word).append('=').append(count).append(';'));
    long hash = 0;
    for (int n = 0; n < text.length(); n++) {
      hash = (hash * 31 + text.charAt(n)) % (1L << 31);
    }
    return counts.size() + " words, hash " + hash + ", 0 left of 1000 weak references";
  }
}

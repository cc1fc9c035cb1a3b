package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * What SQLite is asked to do: a table with two indexes, filled, thinned out, changed and rolled
 * back in transactions; then the sums, which are known, and the library's own check.
 */
final class SqliteWork {

  private static final int ROWS = 20_000;
  private static final int NAMES = 700;
  private static final int ROW = 100;
  private static final int DONE = 101;

  /** {@code SQLITE_TRANSIENT}: the library makes a copy. */
  private static final long COPY = -1;

  private final SqliteCalls calls;
  private final long database;

  SqliteWork(SqliteCalls calls, long database) {
    this.calls = calls;
    this.database = database;
  }

  String run() throws HostException {
    execute(
        "PRAGMA temp_store = MEMORY;"
            + "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER);"
            + "CREATE INDEX item_name ON item(name);"
            + "CREATE UNIQUE INDEX item_amount ON item(amount, id);");
    fill();
    execute(
        "BEGIN; DELETE FROM item WHERE id % 3 = 0;"
            + "UPDATE item SET amount = 2 * amount, name = name || ' twice' WHERE id % 5 = 0;"
            + "COMMIT;");
    execute("BEGIN; DELETE FROM item WHERE id % 2 = 0; DROP INDEX item_name; ROLLBACK;");
    Expected expected = Expected.compute();
    HostException.check("count", ask("SELECT count(*) FROM item"), "" + expected.count);
    HostException.check("sum", ask("SELECT sum(amount) FROM item"), "" + expected.sum);
    HostException.check(
        "names",
        ask("SELECT sum(length(name)) FROM (SELECT name FROM item ORDER BY name DESC, amount)"),
        "" + expected.letters);
    HostException.check(
        "sum by name",
        ask(
            "SELECT sum(s) FROM (SELECT i.name, sum(i.amount) AS s FROM item i JOIN item j"
                + " ON j.id = i.id + 1 GROUP BY i.name)"),
        "" + expected.pairs);
    HostException.check("integrity_check", ask("PRAGMA integrity_check"), "ok");
    execute("DROP INDEX item_amount; VACUUM;");
    HostException.check("integrity_check after VACUUM", ask("PRAGMA integrity_check"), "ok");
    return expected.count + " rows, sum " + expected.sum + ", integrity_check ok";
  }

  private void fill() throws HostException {
    execute("BEGIN");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(100);
      long insert = prepare(arena, "INSERT INTO item(id, name, amount) VALUES (?, ?, ?)");
      try {
        for (int id = 1; id <= ROWS; id++) {
          name.setString(0, name(id));
          check("bind", calls.bindLong.call(insert, 1, id), 0);
          check("bind", calls.bindText.call(insert, 2, name.address(), -1, COPY), 0);
          check("bind", calls.bindLong.call(insert, 3, amount(id)), 0);
          check("insert", calls.step.call(insert), DONE);
          check("reset", calls.reset.call(insert), 0);
        }
      } finally {
        calls.finish.call(insert);
      }
    }
    execute("COMMIT");
  }

  private static String name(int id) {
    return String.format(Locale.ROOT, "item number %d of some kind", id * 31 % NAMES);
  }

  private static long amount(int id) {
    return id * 7_919L % 10_007;
  }

  private void execute(String sql) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      long text = arena.allocateFrom(sql).address();
      check(sql, calls.exec.call(database, text, 0, 0, 0), 0);
    }
  }

  /** The first column of the first row. */
  private String ask(String sql) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      long statement = prepare(arena, sql);
      try {
        check(sql, calls.step.call(statement), ROW);
        return CLibrary.text(calls.columnText.call(statement, 0));
      } finally {
        calls.finish.call(statement);
      }
    }
  }

  private long prepare(Arena arena, String sql) throws HostException {
    MemorySegment statement = arena.allocate(POINTER);
    long text = arena.allocateFrom(sql).address();
    check(sql, calls.prepare.call(database, text, -1, statement.address(), 0), 0);
    return statement.get(POINTER, 0);
  }

  private void check(String what, long result, long expected) throws HostException {
    if (result != expected) {
      throw SqliteHost.failure(
          what + " returned " + result + ": " + CLibrary.text(calls.errorText.call(database)),
          result == ROW || result == DONE ? result : calls.extendedCode.call(database));
    }
  }

  /** The same sums, by other means. */
  private record Expected(long count, long sum, long letters, long pairs) {

    static Expected compute() {
      long count = 0;
      long sum = 0;
      long letters = 0;
      long pairs = 0;
      for (int id = 1; id <= ROWS; id++) {
        if (id % 3 != 0) {
          long amount = id % 5 == 0 ? 2 * amount(id) : amount(id);
          count++;
          sum += amount;
          letters += name(id).length() + (id % 5 == 0 ? " twice".length() : 0);
          pairs += (id + 1) % 3 != 0 && id < ROWS ? amount : 0;
        }
      }
      return new Expected(count, sum, letters, pairs);
    }
  }
}

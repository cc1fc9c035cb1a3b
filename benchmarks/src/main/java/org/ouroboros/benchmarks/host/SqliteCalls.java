package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.INT;
import static org.ouroboros.benchmarks.host.CLibrary.LONG;
import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

/** The functions of SQLite that work on an open database. */
final class SqliteCalls {

  final CCall exec;
  final CCall prepare;
  final CCall bindLong;
  final CCall bindText;
  final CCall step;
  final CCall reset;
  final CCall finish;
  final CCall columnText;
  final CCall errorText;
  final CCall extendedCode;

  SqliteCalls(CLibrary library) throws HostException {
    exec = library.function("sqlite3_exec", INT, POINTER, POINTER, POINTER, POINTER, POINTER);
    prepare = library.function("sqlite3_prepare_v2", INT, POINTER, POINTER, INT, POINTER, POINTER);
    bindLong = library.function("sqlite3_bind_int64", INT, POINTER, INT, LONG);
    bindText = library.function("sqlite3_bind_text", INT, POINTER, INT, POINTER, INT, POINTER);
    step = library.function("sqlite3_step", INT, POINTER);
    reset = library.function("sqlite3_reset", INT, POINTER);
    finish = library.function("sqlite3_finalize", INT, POINTER);
    columnText = library.function("sqlite3_column_text", POINTER, POINTER, INT);
    errorText = library.function("sqlite3_errmsg", POINTER, POINTER);
    extendedCode = library.function("sqlite3_extended_errcode", INT, POINTER);
  }
}

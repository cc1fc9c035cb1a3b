package org.ouroboros.benchmarks.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How commands end: the exit codes, and the one line that says what was wrong. */
public final class Exit {

  /** All went well. */
  public static final int OK = 0;

  /** The command failed. */
  public static final int FAILED = 1;

  /** The arguments or the input are not valid. */
  public static final int INVALID = 2;

  /** If it is set, an error that nobody expected is shown with its stack. */
  private static final String WITH_STACK = "OUROBOROS_STACK_TRACE";

  private Exit() {}

  /**
   * Says what was wrong, in one line on the error output that begins with the command's name.
   *
   * @param spec the command
   * @param message what was wrong; ends of lines become spaces
   * @param exitCode the code to end with
   * @return that code
   */
  public static int complain(CommandSpec spec, @Nullable String message, int exitCode) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(spec.name() + ": " + String.valueOf(message).strip().replaceAll("\\R\\s*", " "));
    err.flush();
    return exitCode;
  }

  /**
   * Checks an argument.
   *
   * @param valid whether it is valid
   * @param message what is wrong otherwise, such as the range of an option
   * @throws IllegalArgumentException if it is not
   */
  public static void check(boolean valid, String message) {
    if (!valid) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Makes all commands say in one line what is wrong with their arguments, and what nobody
   * expected.
   *
   * @param commands what is to be executed
   * @return the same
   */
  public static CommandLine inOneLine(CommandLine commands) {
    return commands
        .setParameterExceptionHandler((e, args) -> wrongArguments(e, args))
        .setExecutionExceptionHandler((e, command, result) -> unexpected(e, command));
  }

  private static int wrongArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    if (args.length == 0) { // who knows no command is shown all
      command.usage(command.getErr());
      return INVALID;
    }
    StringBuilder line = new StringBuilder(String.valueOf(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      line.append("; is ").append(String.join(" or ", unmatched.getSuggestions())).append(" meant");
      line.append('?');
    }
    line.append("; see ").append(command.getCommandSpec().qualifiedName()).append(" --help");
    return complain(command.getCommandSpec(), line.toString(), INVALID);
  }

  private static int unexpected(Exception e, CommandLine command) {
    if (System.getenv(WITH_STACK) != null) {
      e.printStackTrace(command.getErr());
    }
    return complain(
        command.getCommandSpec(),
        "unexpected: " + e + "; with " + WITH_STACK + "=1 in the environment its stack is shown",
        FAILED);
  }
}

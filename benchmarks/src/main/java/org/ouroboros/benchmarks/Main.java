package org.ouroboros.benchmarks;

import org.ouroboros.benchmarks.collections.CollectionsCommand;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.compare.CompareCommand;
import org.ouroboros.benchmarks.compare.NettyCommand;
import org.ouroboros.benchmarks.faq.FaqCommand;
import org.ouroboros.benchmarks.graph.CollectCommand;
import org.ouroboros.benchmarks.graph.GraphCommand;
import org.ouroboros.benchmarks.host.HostCommand;
import org.ouroboros.benchmarks.latency.LatencyCommand;
import org.ouroboros.benchmarks.micro.BarsCommand;
import org.ouroboros.benchmarks.pauses.PausesCommand;
import org.ouroboros.benchmarks.program.FootprintCommand;
import org.ouroboros.benchmarks.program.ProgramCommand;
import org.ouroboros.benchmarks.python.PythonCommand;
import org.ouroboros.benchmarks.replay.ReplayCommand;
import org.ouroboros.benchmarks.scenario.ScenarioCommand;
import org.ouroboros.benchmarks.top.TopCommand;
import org.ouroboros.benchmarks.workload.WorkloadCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code ouroboros-benchmarks}; {@code Launcher} picks the JVM that runs it. */
@Command(
    name = "ouroboros-benchmarks",
    description = "Measures the allocators and the collector, and compares them with their peers.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      ReplayCommand.class,
      GraphCommand.class,
      CollectCommand.class,
      BarsCommand.class,
      CollectionsCommand.class,
      CompareCommand.class,
      NettyCommand.class,
      WorkloadCommand.class,
      LatencyCommand.class,
      PausesCommand.class,
      ProgramCommand.class,
      FootprintCommand.class,
      ScenarioCommand.class,
      PythonCommand.class,
      HostCommand.class,
      TopCommand.class,
      FaqCommand.class,
      JmhCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {

  private Main() {}

  /**
   * Runs a command and ends the JVM with its exit code: 0 when all went well, 1 when the command
   * failed, 2 when its arguments or its input were wrong.
   *
   * @param args the command and its arguments
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The commands, to be run with {@link CommandLine#execute}. */
  static CommandLine commandLine() {
    return Exit.inOneLine(new CommandLine(new Main()));
  }

  /** The version that the jar's manifest states. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"ouroboros-benchmarks " + (version == null ? "(unpacked)" : version)};
    }
  }
}

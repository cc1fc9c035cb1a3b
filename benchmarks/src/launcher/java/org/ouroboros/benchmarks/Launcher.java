package org.ouroboros.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@code org.ouroboros.benchmarks.Main} on a JVM that can run it: release 25 or newer, with
 * native access. This class alone is compiled for release 17, so that {@code java -jar} works
 * whatever {@code java} happens to be.
 *
 * <p>Where this JVM will do, the main class runs in it. Otherwise the same command line is run
 * again on a JDK that is looked for where Maven's toolchain discovery looks: the {@code JAVA*_HOME}
 * and {@code JDK*_HOME} variables, the JDKs that {@code java} on the path stands among, and the
 * usual folders of the system and of the tools that install JDKs. The oldest release that will do
 * is taken, and of equal releases the newest update. The other JVM inherits the streams; its exit
 * code is this one's, and either ends when the other does.
 */
public final class Launcher {

  /** The exit code when no JVM can be found that runs the program. */
  static final int EXIT_NO_JDK = 3;

  /** The exit code of a process that a plain kill ended. */
  private static final int EXIT_TERMINATED = 143;

  private static final int MIN_RELEASE = 25;
  private static final String MAIN_CLASS = "org.ouroboros.benchmarks.Main";
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  /**
   * The variable that tells a JVM started by this class the id of the process that started it. Not
   * a system property: JMH hands those on to its own JVMs and lists them in its output.
   */
  private static final String PARENT = "OUROBOROS_LAUNCHER_PARENT";

  private Launcher() {}

  /**
   * Runs the program here or on another JVM.
   *
   * @param args passed on as they are
   * @throws Throwable what the main class throws
   */
  public static void main(String[] args) throws Throwable {
    String parent = System.getenv(PARENT);
    if (parent != null) {
      endWith(parent);
    }
    int release = Runtime.version().feature();
    if (release >= MIN_RELEASE && hasNativeAccess()) {
      runHere(args);
      return;
    }
    Path here = Path.of(System.getProperty("java.home"));
    Path java = release >= MIN_RELEASE ? executable(here) : find();
    if (java == null) {
      System.err.println("ouroboros: needs Java " + MIN_RELEASE + " or newer, this is " + release
          + " and no newer JDK was found; install one or set JAVA_HOME to it");
      System.exit(EXIT_NO_JDK);
      return;
    }
    System.exit(runOn(java, args));
  }

  private static void runHere(String[] args) throws Throwable {
    try {
      Class.forName(MAIN_CLASS).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** {@code Module.isNativeAccessEnabled()}, which release 17 does not have. */
  private static boolean hasNativeAccess() {
    try {
      return (boolean)
          Module.class.getMethod("isNativeAccessEnabled").invoke(Launcher.class.getModule());
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static int runOn(Path java, String[] args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("--enable-native-access")) {
        command.add(option);
      }
    }
    command.add(NATIVE_ACCESS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Launcher.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(PARENT, Long.toString(ProcessHandle.current().pid()));
    Process process = builder.start();
    // On an interrupt of the terminal both get the signal; on a plain kill only this process does.
    Thread end = new Thread(() -> {
      process.destroy();
      awaitExit(process);
    });
    Runtime.getRuntime().addShutdownHook(end);
    return awaitExit(process);
  }

  private static int awaitExit(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
      }
    }
  }

  /** Ends this JVM when the one that started it is gone, however it went. */
  private static void endWith(String parent) {
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parent));
    if (process.isPresent()) {
      CompletableFuture<Void> unused =
          process.get().onExit().thenRun(() -> System.exit(EXIT_TERMINATED));
    }
  }

  /** The {@code java} of the best JDK on this machine, or null. */
  private static @Nullable Path find() {
    Path best = null;
    Runtime.Version bestVersion = null;
    for (Path home : candidates()) {
      Path java = executable(home);
      Runtime.Version version = java == null ? null : version(home);
      if (version == null || version.feature() < MIN_RELEASE) {
        continue;
      }
      if (bestVersion == null
          || version.feature() < bestVersion.feature()
          || (version.feature() == bestVersion.feature() && version.compareTo(bestVersion) > 0)) {
        best = java;
        bestVersion = version;
      }
    }
    return best;
  }

  private static Set<Path> candidates() {
    Set<Path> homes = new LinkedHashSet<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(System.getenv()).entrySet()) {
      String name = variable.getKey().toUpperCase(Locale.ROOT);
      if ((name.startsWith("JAVA") || name.startsWith("JDK")) && name.endsWith("_HOME")) {
        addHome(homes, path(variable.getValue()));
      }
    }
    String searchPath = System.getenv("PATH");
    for (String folder : (searchPath == null ? "" : searchPath).split(File.pathSeparator, -1)) {
      Path home = homeOf(path(folder).resolve(javaName()));
      if (home != null) {
        addHome(homes, home);
        addChildren(homes, home.getParent());
      }
    }
    Path current = Path.of(System.getProperty("java.home"));
    addChildren(homes, current.getParent());
    for (Path folder : folders()) {
      addChildren(homes, folder);
    }
    return homes;
  }

  /** The folder two above a {@code java}, past the links that lead to it, or null. */
  private static @Nullable Path homeOf(Path java) {
    try {
      Path bin = java.toRealPath().getParent();
      return bin == null ? null : bin.getParent();
    } catch (IOException e) {
      return null; // no java there
    }
  }

  /** Folders whose subfolders may be JDKs. */
  private static List<Path> folders() {
    Path user = Path.of(System.getProperty("user.home"));
    List<Path> folders = new ArrayList<>();
    for (String name : new String[] {
        ".jdks", ".m2/jdks", ".sdkman/candidates/java", ".gradle/jdks", ".jenv/versions",
        ".jbang/cache/jdks", ".asdf/installs/java", ".local/share/mise/installs/java",
        ".jabba/jdk"}) {
      folders.add(user.resolve(name));
    }
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      folders.add(Path.of("/Library/Java/JavaVirtualMachines"));
      folders.add(user.resolve("Library/Java/JavaVirtualMachines"));
      folders.add(Path.of("/opt/homebrew/opt"));
    } else if (system.startsWith("win")) {
      String programs = System.getenv("ProgramFiles");
      Path root = Path.of(programs == null ? "C:\\Program Files" : programs);
      for (String vendor : new String[] {
          "Java", "Eclipse Adoptium", "Microsoft", "Zulu", "Amazon Corretto", "BellSoft"}) {
        folders.add(root.resolve(vendor));
      }
      folders.add(user.resolve("scoop").resolve("apps"));
    } else {
      for (String name : new String[] {
          "/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/usr/jdk", "/usr/local/java", "/opt/java",
          "/opt/jdk", "/opt"}) {
        folders.add(Path.of(name));
      }
    }
    return folders;
  }

  private static void addChildren(Set<Path> homes, @Nullable Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      List<Path> sorted = new ArrayList<>();
      children.forEach(sorted::add);
      sorted.sort(null);
      for (Path child : sorted) {
        addHome(homes, child);
      }
    } catch (IOException e) {
      // a folder that cannot be read holds no JDK for us
    }
  }

  private static void addHome(Set<Path> homes, Path home) {
    homes.add(home);
    homes.add(home.resolve("Contents").resolve("Home")); // macOS
    homes.add(home.resolve("current")); // Scoop
  }

  private static @Nullable Path executable(Path home) {
    Path java = home.resolve("bin").resolve(javaName());
    return Files.isExecutable(java) ? java : null;
  }

  private static String javaName() {
    return File.separatorChar == '\\' ? "java.exe" : "java";
  }

  /** The version that a JDK's {@code release} file states, or null. */
  private static Runtime.@Nullable Version version(Path home) {
    Path file = home.resolve("release");
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      release.load(reader);
      return Runtime.Version.parse(release.getProperty("JAVA_VERSION", "").replace("\"", ""));
    } catch (IOException | IllegalArgumentException e) {
      return null; // unreadable, or no version ("1.8.0_412" is none either)
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      return Path.of("");
    }
  }
}

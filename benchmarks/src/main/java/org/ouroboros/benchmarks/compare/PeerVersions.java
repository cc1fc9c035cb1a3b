package org.ouroboros.benchmarks.compare;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which versions of the peers' libraries this build has: the build writes them down. */
final class PeerVersions {

  private static final String FILE = "peers.properties";

  private PeerVersions() {}

  /** All in a line. */
  static String line() {
    Properties versions = new Properties();
    try (InputStream in = PeerVersions.class.getResourceAsStream(FILE)) {
      if (in != null) {
        versions.load(in);
      }
    } catch (IOException e) {
      return "Versions: unknown";
    }
    return "Versions: Netty "
        + versions.getProperty("netty")
        + ", Arrow "
        + versions.getProperty("arrow")
        + ", LWJGL "
        + versions.getProperty("lwjgl")
        + ", Agrona "
        + versions.getProperty("agrona");
  }
}

package org.ouroboros.benchmarks.replay;

import java.nio.file.Path;

/**
 * A trace to be replayed: decoded, validated and written to an image for the forks.
 *
 * @param name its name without extension
 * @param header what it says of itself
 * @param calls events less thread switches
 * @param threads its threads
 * @param image the decoded trace, see {@link TraceImage}
 * @param file the trace itself, for the yardstick
 */
record TraceInput(
    String name, TraceHeader header, long calls, int threads, Path image, Path file) {}

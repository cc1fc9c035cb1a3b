package org.ouroboros.allocator.record;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a recording goes, as of the last look that its writer took at the program's events.
 *
 * @param file where it is written
 * @param events events that the file holds or is about to, thread switches among them
 * @param unknownBlocks frees and reallocs of blocks that were live before the recording began, or
 *     are no blocks: such frees are left out, such reallocs are written as malloc
 * @param disordered events whose order among threads had to be guessed; 0 but for threads that the
 *     operating system held up for long
 * @param waits how often a thread of the program had to wait for the writer, since the memory for
 *     events that are not yet written was full
 * @param fileBytes bytes written so far
 * @param failure why the file is not complete; empty if nothing went wrong
 */
public record RecordingStats(
    Path file,
    long events,
    long unknownBlocks,
    long disordered,
    long waits,
    long fileBytes,
    Optional<String> failure) {}

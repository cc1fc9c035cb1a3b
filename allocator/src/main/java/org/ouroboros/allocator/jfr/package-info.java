/**
 * Events for the JVM's Flight Recorder: what the library does with memory, on slow paths only.
 *
 * <p>They are in the category <i>Ouroboros</i> and named {@code org.ouroboros.*}. A recording of
 * the JVM's default settings has all of them but {@code org.ouroboros.AllocationSample}, which has
 * a stack trace and is off until it is asked for:
 *
 * <pre>
 *   java -XX:StartFlightRecording:filename=out.jfr,+org.ouroboros.AllocationSample#enabled=true ...
 *   jfr print --categories Ouroboros out.jfr
 * </pre>
 *
 * <p>{@link org.ouroboros.allocator.jfr.EventSettings} has the settings that switch everything on
 * as a file for {@code settings=}. Without the module {@code jdk.jfr} nothing is recorded and
 * nothing is missing.
 */
@NullMarked
package org.ouroboros.allocator.jfr;

import org.jspecify.annotations.NullMarked;

/** What heaps tell the JVM's Flight Recorder. */
@NullMarked
package org.ouroboros.collector.jfr;

import org.jspecify.annotations.NullMarked;

/** Writes heaps in the format of Java's heap dumps, for the tools that read those. */
@NullMarked
package org.ouroboros.collector.hprof;

import org.jspecify.annotations.NullMarked;

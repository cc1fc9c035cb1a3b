/**
 * Reports on heaps: pages in HTML that need nothing else, and what records collections for them.
 */
@NullMarked
package org.ouroboros.collector.report;

import org.jspecify.annotations.NullMarked;

/**
 * Reports on allocators: pages in HTML that need nothing else.
 *
 * <p>Thread rule: any thread that may use the allocator.
 */
@NullMarked
package org.ouroboros.allocator.report;

import org.jspecify.annotations.NullMarked;

/**
 * Where memory comes from: address space that is reserved, committed, purged and released.
 *
 * <p>{@link org.ouroboros.allocator.source.MemorySource} is the interface; {@link
 * org.ouroboros.allocator.source.MmapSource} stands on the operating system's virtual memory
 * through the Foreign Function &amp; Memory API, {@link
 * org.ouroboros.allocator.source.MappedFileSource} on an unlinked temporary file and needs no
 * native access.
 */
@NullMarked
package org.ouroboros.allocator.source;

import org.jspecify.annotations.NullMarked;

package org.ouroboros.allocator;

/**
 * Whether an allocator can be had here and now.
 *
 * @param name the name by which it is chosen
 * @param available whether {@link Allocators#of} gives it
 * @param detail one line: which version it is and where it was found; or why it cannot be had, and
 *     the cure
 */
public record Availability(String name, boolean available, String detail) {}

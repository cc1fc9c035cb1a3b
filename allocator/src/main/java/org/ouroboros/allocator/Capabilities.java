package org.ouroboros.allocator;

/**
 * What an {@link Allocator} does beyond the common contract, so that callers and tests can ask
 * instead of guess.
 *
 * @param reclaims a freed block's memory serves later requests; a region says no, it frees
 *     everything at once when it is closed
 * @param threadSafe every method may be called from any thread; otherwise only from the thread that
 *     created the allocator
 * @param exactUsableSize {@link Allocator#usableSize} is the size that was asked for, not the size
 *     of its class
 * @param detectsInvalidFree freeing, resizing or measuring what is not a live block throws {@link
 *     InvalidFreeException} instead of being undefined: foreign addresses, addresses inside a
 *     block, and a block that was freed just before; what else is found, the implementation says
 * @param purges memory that is not used is given back to the operating system while the allocator
 *     lives
 */
public record Capabilities(
    boolean reclaims,
    boolean threadSafe,
    boolean exactUsableSize,
    boolean detectsInvalidFree,
    boolean purges) {}

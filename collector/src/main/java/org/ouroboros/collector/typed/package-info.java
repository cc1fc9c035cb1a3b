/**
 * Objects of a {@link org.ouroboros.collector.Heap} by the names and kinds of their fields: {@link
 * org.ouroboros.collector.typed.Fields accessors} made once from a type, of {@link
 * org.ouroboros.collector.typed.Elements arrays} too, and {@link
 * org.ouroboros.collector.typed.OwnedRef} for references that Java objects own. A thin face: each
 * access is one call of the heap.
 */
@NullMarked
package org.ouroboros.collector.typed;

import org.jspecify.annotations.NullMarked;

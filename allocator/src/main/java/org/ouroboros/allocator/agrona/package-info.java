/**
 * Blocks as Agrona's buffers, for programs that speak SBE, Aeron or Agrona's own structures: {@link
 * org.ouroboros.allocator.agrona.AgronaBuffers}.
 *
 * <p>Agrona is an optional dependency ({@code org.agrona:agrona} 2.x): who uses this package brings
 * it. Its buffers need an internal package of the JDK, so the JVM is started with {@code
 * --add-opens java.base/jdk.internal.misc=ALL-UNNAMED}, or {@code ...=org.agrona} where Agrona is
 * on the module path.
 */
@NullMarked
package org.ouroboros.allocator.agrona;

import org.jspecify.annotations.NullMarked;

package org.ouroboros.allocator.page;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Finds the engine of a face of the default allocator: for decorators of this module that know how
 * it sizes blocks, so that they need not ask it at each call.
 */
public final class EngineAccess {

  private static volatile @Nullable Function<Allocator, @Nullable Face> access;

  private EngineAccess() {}

  /**
   * Sets who knows the faces.
   *
   * @param finder gives the calls, or null
   */
  public static void set(Function<Allocator, @Nullable Face> finder) {
    access = finder;
  }

  /**
   * The engine of an allocator.
   *
   * @param allocator any
   * @return null if it is no face of the default allocator
   */
  public static @Nullable Engine of(Allocator allocator) {
    Face face = face(allocator);
    return face == null ? null : face.engine();
  }

  /**
   * The calls of an allocator.
   *
   * @param allocator any
   * @return null if it is no face of the default allocator
   */
  public static @Nullable Face face(Allocator allocator) {
    Function<Allocator, @Nullable Face> finder = access;
    return finder == null ? null : finder.apply(allocator);
  }
}

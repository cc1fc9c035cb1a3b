package org.ouroboros.allocator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that leaves blocks or objects behind fails, with a report of them: of every allocator and
 * heap that was made for the test, all must be freed when the test and its {@code @AfterEach}
 * methods are done, or when the allocator or heap is closed. Of those made before, in
 * {@code @BeforeAll} or for other tests, there may not be more than when the test began; at the end
 * of the class they must be empty.
 *
 * <p>On a class it holds for all its tests and nested classes. On a method, only what is made from
 * its {@code @BeforeEach} methods on is seen, not what fields of the test class are initialised
 * with. A test that has failed already is not checked.
 *
 * <p>The report is grouped by who allocated, where that is noted: by a debugger with stacks ({@code
 * -Douroboros.debug.stackDepth=16} and a name like {@code ouroboros_debug}), a budget that notes
 * its blocks, or a heap in debug mode. Of heaps, those references are leaks that Java code still
 * owns when the heap is closed; a heap that stays open is collected, and what lives then is told
 * of.
 *
 * <p>Tests that run in parallel are told apart by their threads, and those that they start. Not
 * seen is what threads of older pools make; what tests of one class do at the same time to an
 * allocator that they share is seen at the end of the class, if all of it is; and a heap that
 * another thread owns, if it is not closed. Regions, and C libraries without a debugger around, are
 * not checked.
 */
@SuppressWarnings("exports") // whoever uses it has JUnit
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(LeakCheckExtension.class)
public @interface LeakCheck {

  /**
   * Names of allocators, budgets and heaps that may leave something behind.
   *
   * @return the names; of a budget, its path
   */
  String[] ignore() default {};
}

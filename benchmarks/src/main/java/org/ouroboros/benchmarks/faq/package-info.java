/**
 * Two paragraphs of Python's FAQ as a tour that runs: how does Python manage memory, and why is
 * there no traditional garbage collector?
 *
 * <ul>
 *   <li>A {@link org.ouroboros.benchmarks.faq.Stop} says something and runs a small program that
 *       shows it; {@link org.ouroboros.benchmarks.faq.Stops} lists them.
 *   <li>What a program says goes into a {@link org.ouroboros.benchmarks.faq.Transcript}, which
 *       tells apart what is the same in every run and what is not.
 *   <li>{@link org.ouroboros.benchmarks.faq.Snippets} cuts the code that is shown out of the
 *       sources of the stops, which are in the jar: what is shown is what has run.
 *   <li>{@link org.ouroboros.benchmarks.faq.FaqCommand faq} prints it all, and writes it as HTML or
 *       as the page {@code FAQ.md}.
 * </ul>
 */
@NullMarked
package org.ouroboros.benchmarks.faq;

import org.jspecify.annotations.NullMarked;

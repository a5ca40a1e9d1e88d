package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.test.SeededRandomness;
import org.junit.jupiter.api.Test;

/** The number of keys with pages to themselves ends in an exception, not in the end of the process. */
class SecretPagesTest {
    @Test
    void refusesOneMoreKeyThanTheLimitUntilOneIsClosed() {
        final SecretPages pages = new SecretPages(2);
        pages.take();
        pages.take();
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(SecretCellsExhaustedException.class)
                    .isThrownBy(pages::take)
                    .withMessageContaining("at most 2");
        }
        assertThat(pages.open()).isEqualTo(2);
        pages.give();
        pages.take();
        assertThat(pages.open()).isEqualTo(2);
    }

    @Test
    void countsEachKeyWithPagesUntilItIsClosed() {
        final int before = SecretPages.shared().open();
        try (SecretKey pages = SecretKey.generate(new SeededRandomness(1));
                SecretKey cell = SecretKey.inCell(32)) {
            assertThat(SecretPages.shared().open()).isEqualTo(before + 1);
            assertThat(pages.length()).isEqualTo(cell.length());
        }
        assertThatIllegalArgumentException().isThrownBy(() -> SecretKey.blank(0));
        assertThat(SecretPages.shared().open()).isEqualTo(before);
    }
}

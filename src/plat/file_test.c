/* SPDX-License-Identifier: Apache-2.0 */
/* plat/file_test.c - files and folders read, written and made. */
#include "plat/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "hf_test.h"
#include "plat/test_folder.h"

static int read_code(const char *path, size_t max, size_t *ret_len)
{
    struct hf_err err;
    struct hf_buf buf;
    int rc;

    hf_buf_init(&buf, max);
    rc = hf_file_read(path, &buf, &err);
    *ret_len = buf.len;
    hf_buf_done(&buf);
    return rc;
}

static bool make_socket(const char *path)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    bool made = fd >= 0 && strlen(path) < sizeof(at.sun_path);

    if (made) {
        memcpy(at.sun_path, path, strlen(path));
        made = bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
    }
    if (fd >= 0)
        (void)close(fd);
    return made;
}

static void test_read(const struct test_folder *folder)
{
    static const struct {
        const char *name, *file;
        size_t max, len;
        int rc;
    } row[] = {
        { "a file", "five", 100, 5, 0 },
        { "a file as large as allowed", "five", 5, 5, 0 },
        { "a file one byte too large", "five", 4, 0, HF_E_LIMIT },
        { "an empty file", "empty", 100, 0, 0 },
        { "a file of unknown size", "/proc/self/stat", 100000, 1, 0 },
        { "through a link", "link", 100, 5, 0 },
        { "a folder", ".", 100, 0, HF_E_IO },
        { "a device", "/dev/zero", 100, 0, HF_E_IO },
        { "a pipe nobody writes to", "pipe", 100, 0, HF_E_IO },
        { "a socket", "socket", 100, 0, HF_E_IO },
        { "nothing", "none", 100, 0, HF_E_ABSENT },
        { "below a file", "five/x", 100, 0, HF_E_ABSENT },
    };

    HF_CHECK(test_put(folder, "five", "12345") && test_put(folder, "empty", ""),
             "files to read");
    HF_CHECK(test_link(folder, "link", "five"), "a link to read");
    HF_CHECK(mkfifo(test_at(folder, "pipe").text, 0600) == 0, "a pipe");
    HF_CHECK(make_socket(test_at(folder, "socket").text), "a socket");
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        size_t len = 0;
        int rc =
            read_code(row[i].file[0] == '/' ? row[i].file
                                            : test_at(folder, row[i].file).text,
                      row[i].max, &len);

        HF_CHECK(rc == row[i].rc && len >= row[i].len, "read: %s", row[i].name);
    }
}

static void test_write(const struct test_folder *folder)
{
    struct hf_err err;
    struct stat st;
    struct hf_names names = { 0 };
    struct test_path path = test_at(folder, "w/file");

    HF_CHECK(test_put(folder, "w/file", "old"), "write a new file");
    HF_CHECK(hf_file_write(path.text, hf_view_text("new"), 0640, &err) == 0 &&
                 test_is(folder, "w/file", "new"),
             "write over a file");
    HF_CHECK(stat(path.text, &st) == 0 && (st.st_mode & 07777) == 0640,
             "the mode asked, whatever the umask");
    HF_CHECK(hf_file_write(test_at(folder, "no/file").text, hf_view_text("x"),
                           0644, &err) == HF_E_ABSENT,
             "write into a folder that is not there");
    HF_CHECK(mkdir(test_at(folder, "w/dir").text, 0755) == 0 &&
                 hf_file_write(test_at(folder, "w/dir").text, hf_view_text("x"),
                               0644, &err) == HF_E_IO,
             "write over a folder");
    HF_CHECK(hf_dir_names(test_at(folder, "w").text, &names, &err) == 0 &&
                 names.count == 2 && strcmp(names.name[0], "dir") == 0,
             "no temporary file stays; names are sorted");
    hf_names_done(&names);
}

static void test_mkdirs(const struct test_folder *folder)
{
    struct hf_err err;

    HF_CHECK(hf_file_mkdirs(test_at(folder, "a//b/c/").text, 0755, &err) == 0 &&
                 hf_path_is_dir(test_at(folder, "a/b/c").text),
             "folders and their parents");
    HF_CHECK(hf_file_mkdirs(test_at(folder, "a/b").text, 0755, &err) == 0,
             "folders that are there");
    HF_CHECK(hf_file_mkdirs(test_at(folder, "five/x").text, 0755, &err) < 0,
             "a file in the way");
    HF_CHECK(hf_path_exists(folder->path) && !hf_path_exists("/none/at/all") &&
                 !hf_path_is_dir(test_at(folder, "five").text),
             "what exists and what is a folder");
}

static void test_stdin(const struct test_folder *folder)
{
    size_t len = 0;
    int end[2], kept = dup(STDIN_FILENO);

    (void)folder;
    HF_CHECK(kept >= 0 && pipe(end) == 0 && write(end[1], "abc", 3) == 3 &&
                 close(end[1]) == 0 && dup2(end[0], STDIN_FILENO) >= 0,
             "a pipe as standard input");
    HF_CHECK(read_code("-", 100, &len) == 0 && len == 3, "read it as '-'");
    (void)close(end[0]);
    (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
}

int main(void)
{
    struct test_folder folder;

    test_folder_init(&folder);
    test_read(&folder);
    test_write(&folder);
    test_mkdirs(&folder);
    test_stdin(&folder);
    test_folder_done(&folder);
    return hf_test_end();
}

// A program without Swift that loads a Swift library and calls it.
#include <dlfcn.h>

int main(int count, char **words) {
    void *library = count > 1 ? dlopen(words[1], RTLD_NOW) : 0;
    int (*grow)(void) = library ? (int (*)(void))dlsym(library, "grow") : 0;
    return grow ? grow() : 1;
}

/* How many signatures a second a PKCS#11 module makes in a loop: the limit for whoever signs through it.
 *   cc -O2 -I/usr/include/p11-kit-1 -o raw_sign raw_sign.c -ldl;  raw_sign MODULE TOKEN-LABEL PIN-FILE COUNT
 * Prints signatures a second and the CPU milliseconds of one. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_utime.tv_usec / 1e6 + u.ru_stime.tv_sec + u.ru_stime.tv_usec / 1e6;
}

static void must(CK_RV rv, const char *what) {
  if (rv == CKR_OK) return;
  fprintf(stderr, "%s: 0x%lx\n", what, (unsigned long)rv);
  exit(1);
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  char pin[64] = "";
  FILE *file = fopen(arguments[3], "r");
  if (!file || fscanf(file, "%63s", pin) != 1) return 2;
  fclose(file);
  void *module = dlopen(arguments[1], RTLD_NOW);
  CK_C_GetFunctionList get;
  CK_FUNCTION_LIST_PTR p11;
  if (!module) return 1;
  *(void **)&get = dlsym(module, "C_GetFunctionList");
  must(get(&p11), "C_GetFunctionList");
  must(p11->C_Initialize(NULL), "C_Initialize");
  CK_SLOT_ID slots[32], slot = 0;
  CK_ULONG number = 32;
  must(p11->C_GetSlotList(CK_TRUE, slots, &number), "C_GetSlotList");
  for (CK_ULONG i = 0; i < number; i++) {
    CK_TOKEN_INFO info;
    if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK && !strncmp((char *)info.label, arguments[2], strlen(arguments[2])))
      slot = slots[i];
  }
  CK_SESSION_HANDLE session;
  must(p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session), "C_OpenSession");
  must(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), "C_Login");
  CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE wanted = {CKA_CLASS, &class, sizeof class};
  CK_OBJECT_HANDLE key;
  CK_ULONG found;
  must(p11->C_FindObjectsInit(session, &wanted, 1), "C_FindObjectsInit");
  must(p11->C_FindObjects(session, &key, 1, &found), "C_FindObjects");
  must(p11->C_FindObjectsFinal(session), "C_FindObjectsFinal");
  if (found != 1) return 1;
  CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
  CK_BYTE message[150] = {7}, signature[1024];
  long n = atol(arguments[4]);
  double begun = seconds(), used = cpu();
  for (long i = 0; i < n; i++) {
    CK_ULONG length = sizeof signature;
    message[0] = (CK_BYTE)i;
    must(p11->C_SignInit(session, &mechanism, key), "C_SignInit");
    must(p11->C_Sign(session, message, sizeof message, signature, &length), "C_Sign");
  }
  printf("%.1f %.3f\n", n / (seconds() - begun), (cpu() - used) / n * 1000);
  return 0;
}

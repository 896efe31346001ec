/*
 * A PKCS#11 module around SoftHSM2 that fails as real tokens do. It is compiled once for each place, because the process that
 * loads it has a cleaned environment:
 *
 *   cc -shared -fPIC -I/usr/include/p11-kit-1 -DCONTROL='"/folder"' -o faulty.so faulty_token.c -ldl
 *
 * Files in the folder CONTROL:
 *   faults   lines "NUMBER KIND": what happens instead of the NUMBERth signature, counted over all processes:
 *            removed (pulled out, and back after some looks), device, session (all sessions lost), general, crash, hang
 *   looks    how many looks for tokens find none after "removed"; without it the token stays away
 *   away     is there while the token is pulled out; holds the looks that are left
 *   random   percent of signatures that fail as "device"
 *   delay    microseconds of one signature
 *   final    is there when one more wrong PIN would lock the token (CKF_USER_PIN_FINAL_TRY)
 *   pad      is there when the token has a keypad; holds the PIN that a person types on it
 * Written by the module:
 *   count    signatures so far, failed ones included
 *   logins   a line for each C_Login: "user" or "context", then "ok" or the return value
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef MODULE
#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#endif

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST list;

static FILE *control(const char *name, const char *mode) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", CONTROL, name);
  return fopen(path, mode);
}

static int there(const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", CONTROL, name);
  return access(path, F_OK) == 0;
}

static long number(const char *name, long otherwise) {
  long value = otherwise;
  FILE *file = control(name, "r");
  if (file) {
    if (fscanf(file, "%ld", &value) != 1) value = otherwise;
    fclose(file);
  }
  return value;
}

static void set(const char *name, long value) {
  FILE *file = control(name, "w");
  if (file) {
    fprintf(file, "%ld\n", value);
    fclose(file);
  }
}

static void unset(const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", CONTROL, name);
  unlink(path);
}

static void wait_microseconds(long microseconds) {
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  if (microseconds > 0) nanosleep(&time, NULL);
}

/* What happens at this signature; empty for nothing. */
static void fault_at(long count, char *kind, size_t size) {
  char line[128];
  FILE *file = control("faults", "r");
  kind[0] = 0;
  while (file && fgets(line, sizeof line, file)) {
    long at;
    char name[32];
    if (sscanf(line, "%ld %31s", &at, name) == 2 && at == count) snprintf(kind, size, "%s", name);
  }
  if (file) fclose(file);
  if (!kind[0] && rand() % 100 < number("random", 0)) snprintf(kind, size, "device");
}

static CK_RV close_all(CK_SESSION_HANDLE session, CK_RV result) {
  CK_SESSION_INFO info;
  if (real->C_GetSessionInfo(session, &info) == CKR_OK) real->C_CloseAllSessions(info.slotID);
  return result;
}

/* Before a signature is made. */
static CK_RV before_signature(CK_SESSION_HANDLE session) {
  char kind[32];
  if (there("away")) return CKR_DEVICE_REMOVED;
  long count = number("count", 0) + 1;
  set("count", count);
  fault_at(count, kind, sizeof kind);
  wait_microseconds(number("delay", 0));
  if (!strcmp(kind, "removed")) {
    set("away", number("looks", -1));
    return close_all(session, CKR_DEVICE_REMOVED);
  }
  if (!strcmp(kind, "session")) return close_all(session, CKR_SESSION_HANDLE_INVALID);
  if (!strcmp(kind, "device")) return CKR_DEVICE_ERROR;
  if (!strcmp(kind, "general")) return CKR_GENERAL_ERROR;
  if (!strcmp(kind, "crash")) abort();
  if (!strcmp(kind, "hang")) pause();
  return CKR_OK;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR out, CK_ULONG_PTR out_length) {
  CK_RV result = out ? before_signature(session) : there("away") ? CKR_DEVICE_REMOVED : CKR_OK;
  return result == CKR_OK ? real->C_Sign(session, data, length, out, out_length) : result;
}

static CK_RV sign_final(CK_SESSION_HANDLE session, CK_BYTE_PTR out, CK_ULONG_PTR out_length) {
  CK_RV result = out ? before_signature(session) : there("away") ? CKR_DEVICE_REMOVED : CKR_OK;
  return result == CKR_OK ? real->C_SignFinal(session, out, out_length) : result;
}

static CK_RV slots(CK_BBOOL present, CK_SLOT_ID_PTR out, CK_ULONG_PTR count) {
  if (present && there("away")) {
    long left = number("away", -1);
    if (!out && left > 0) {
      if (left == 1) unset("away");
      else set("away", left - 1);
    }
    *count = 0;
    return CKR_OK;
  }
  return real->C_GetSlotList(present, out, count);
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  if (there("away")) return CKR_TOKEN_NOT_PRESENT;
  return real->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  if (there("away")) return CKR_TOKEN_NOT_PRESENT;
  CK_RV result = real->C_GetTokenInfo(slot, info);
  if (result == CKR_OK && there("final")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (result == CKR_OK && there("pad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return result;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE who, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  char typed[64] = "";
  CK_RV result;
  if (there("away")) return CKR_DEVICE_REMOVED;
  FILE *pad = pin ? NULL : control("pad", "r");
  if (pad) {
    if (fscanf(pad, "%63s", typed) == 1) pin = (CK_UTF8CHAR_PTR)typed, length = strlen(typed);
    fclose(pad);
  }
  result = real->C_Login(session, who, pin, length);
  FILE *log = control("logins", "a");
  if (log) {
    fprintf(log, "%s ", who == CKU_CONTEXT_SPECIFIC ? "context" : "user");
    if (result == CKR_OK) fprintf(log, "ok\n");
    else fprintf(log, "0x%lx\n", (unsigned long)result);
    fclose(log);
  }
  return result;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
  if (!real) {
    CK_C_GetFunctionList get;
    void *module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
    if (!module) return CKR_GENERAL_ERROR;
    *(void **)&get = dlsym(module, "C_GetFunctionList");
    if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    srand((unsigned)getpid());
    list = *real;
    list.C_GetSlotList = slots;
    list.C_OpenSession = open_session;
    list.C_GetTokenInfo = token_info;
    list.C_Login = login;
    list.C_Sign = sign;
    list.C_SignFinal = sign_final;
  }
  *out = &list;
  return CKR_OK;
}
